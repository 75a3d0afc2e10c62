// At the door: one question on the screen, each answer leads to the next. The table comes from the platform; where the
// law bars what was answered, the question says why, and whoever goes on says the reason.
"use strict";

window.Rounds = window.Rounds || {};

Rounds.el = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  });
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
};

Rounds.door = (() => {
  const { el, camera } = Rounds;
  const dialog = document.getElementById("door");
  const body = document.getElementById("door-body");
  let table = null;
  let at = null;

  const question = () => table.questions[at.id];
  const bar = (shown) => (at.stop.bars[shown.looks_in] || {})[at.answers.signer];
  const own = (kind, whose) => at.files.filter((file) => file.kind === kind && (whose === undefined || file.whose === whose));

  // A gate is asked of the law and not of the courier.
  const resolve = (id) => {
    let next = id;
    while (table.questions[next].kind === "gate") {
      const gate = table.questions[next];
      next = (at.stop.bars[gate.looks_in] || {})[at.answers.signer] ? gate.barred : gate.next;
    }
    return next;
  };

  const go = (id, sets = {}) => {
    at.path.push({ id: at.id, answers: { ...at.answers }, files: [...at.files] });
    Object.assign(at.answers, sets);
    at.id = resolve(id);
    draw();
  };

  const back = () => {
    const before = at.path.pop();
    if (!before) { dialog.close(); return; }
    Object.assign(at, { id: before.id, answers: { ...before.answers }, files: before.files });
    draw();
  };

  const say = (words) => {
    const place = document.getElementById("door-wrong");
    place.textContent = words;
    place.hidden = !words;
  };

  const next = (label, act) => el("button", { class: "button button--main button--big wide-button", type: "button", onclick: act }, label);

  // ---- one drawing for each kind of question --------------------------------------------------------------------------
  const choice = (shown) => shown.options
    .filter((option) => !option.only.length || option.only.includes(at.stop.kind))
    .map((option) => el("button", {
      class: "button button--big wide-button", type: "button",
      onclick: () => go(option.next, { [at.id]: option.value, ...option.sets }),
    }, option.label));

  const text = (shown) => {
    const isName = at.id === "name";
    const known = at.answers[at.id] || (isName && at.answers.signer === "self" ? at.stop.name : "");
    const box = isName
      ? el("input", { type: "text", id: "said", autocomplete: "off", maxlength: 40, "aria-labelledby": "door-title" })
      : el("textarea", { id: "said", rows: 4, maxlength: 400, "aria-labelledby": "door-title" });
    box.value = known;
    return [box, next("下一步", () => {
      const said = box.value.trim();
      if (said.length < shown.least) { say(isName ? "请填写姓名。" : "请写明，至少两个字。"); return; }
      go(shown.next, said ? { [at.id]: said } : {});
    })];
  };

  const addFile = async (blob, kind, mediaType, whose) => {
    const buffer = await blob.arrayBuffer();
    const file = {
      key: crypto.randomUUID(), kind, media_type: mediaType, whose, size: buffer.byteLength, sha256: await Rounds.store.digest(buffer),
    };
    await Rounds.store.keepFile(file.key, buffer);
    at.files = [...at.files, { ...file, preview: kind === "photo" ? URL.createObjectURL(blob) : "" }];
  };

  const take = async (input, kind) => {
    say("");
    for (const file of input.files) {
      try {
        if (kind === "photo") await addFile(await camera.small(file), "photo", "image/jpeg", "");
        else if (file.size > 80 * 1024 * 1024) say("录像超过80MB，请分段录制。");
        else await addFile(file, "video", file.type || "video/mp4", "");
      } catch { say("这个文件打不开，请重新拍摄。"); }
    }
    draw();
  };

  const picker = (label, kind, accept) => {
    const input = el("input", { type: "file", accept, capture: "environment", multiple: kind === "photo", class: "only-read", id: `take-${kind}` });
    input.addEventListener("change", () => take(input, kind));
    return el("label", { class: "button button--big wide-button picker", for: `take-${kind}` }, input, label);
  };

  const thumb = (file, place) => el("li", {},
    file.preview ? el("img", { src: file.preview, alt: `第${place + 1}张照片` }) : el("span", { class: "badge badge--info" }, `录像 ${Math.ceil(file.size / 1024 / 1024)}MB`),
    el("button", { class: "button button--small", type: "button", onclick: () => { at.files = at.files.filter((one) => one !== file); draw(); } }, "删除"));

  const pictures = (shown) => {
    const seen = at.files.filter((file) => file.kind !== "signature");
    const excuse = shown.excuse ? el("textarea", { id: "excuse", rows: 2, maxlength: 200 }) : null;
    if (excuse) excuse.value = at.answers[shown.excuse] || "";
    return [
      el("div", { class: "pickers" }, picker("拍照", "photo", "image/*"), picker("录像", "video", "video/*")),
      seen.length ? el("ul", { class: "thumbs", "aria-label": "已拍" }, ...seen.map(thumb)) : "",
      excuse && !seen.length ? el("label", { class: "field" }, "不能拍照的，写明原因", excuse) : "",
      next("下一步", () => {
        const why = excuse?.value.trim() || "";
        if (seen.length < shown.least && why.length < 2) { say("请至少拍一张照片或者一段录像。"); return; }
        go(shown.next, why && !seen.length ? { [shown.excuse]: why } : {});
      }),
    ].filter(Boolean);
  };

  const pad = (name, label) => {
    const canvas = el("canvas", { id: `pad-${name}`, class: "pad", tabindex: "0", role: "img", "aria-label": label });
    const box = el("div", { class: "pad-box" }, canvas, el("button", { class: "button button--small", type: "button", onclick: () => drawing.clear() }, "清除重签"));
    let drawing = null;
    const ready = () => {
      const scale = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = canvas.offsetWidth * scale;
      canvas.height = canvas.offsetHeight * scale;
      canvas.getContext("2d").scale(scale, scale);
      drawing = new SignaturePad(canvas, { penColor: "rgb(16, 24, 40)", minWidth: 1.2, maxWidth: 3.4 });
    };
    const blob = () => new Promise((done) => canvas.toBlob(done, "image/png"));
    return { box, ready, blob, isEmpty: () => !drawing || drawing.isEmpty() };
  };

  const signature = (shown) => {
    const own_pad = pad("signer", "签收人签名处");
    requestAnimationFrame(own_pad.ready);
    return [own_pad.box, next("签好了", async () => {
      if (own_pad.isEmpty()) { say("请签收人在方框里签名。"); return; }
      at.files = at.files.filter((file) => file.whose !== "signer");
      const before = at.files;
      await addFile(await own_pad.blob(), "signature", "image/png", "signer");
      const added = at.files;
      at.files = before;
      go(shown.next);
      at.files = added;
    })];
  };

  const witnesses = (shown) => {
    const told = at.answers.witnesses || [];
    const name = el("input", { type: "text", id: "witness-name", maxlength: 40, autocomplete: "off" });
    const unit = el("input", { type: "text", id: "witness-unit", maxlength: 60, autocomplete: "off" });
    const own_pad = pad("witness", "见证人签名处");
    requestAnimationFrame(own_pad.ready);
    const add = async () => {
      if (!name.value.trim() || !unit.value.trim()) { say("请填写见证人的姓名和单位或者身份。"); return false; }
      if (own_pad.isEmpty()) { say("请见证人签名。"); return false; }
      await addFile(await own_pad.blob(), "signature", "image/png", `witness:${told.length}`);
      at.answers = { ...at.answers, witnesses: [...told, { name: name.value.trim(), unit: unit.value.trim() }] };
      return true;
    };
    const isBlank = () => !name.value.trim() && !unit.value.trim() && own_pad.isEmpty();
    return [
      told.length ? el("ol", { class: "told" }, ...told.map((one) => el("li", {}, `${one.name}（${one.unit}）已签名`))) : "",
      el("label", { class: "field", for: "witness-name" }, "见证人姓名", name),
      el("label", { class: "field", for: "witness-unit" }, "单位或者身份，如社区居委会干部", unit),
      own_pad.box,
      el("button", { class: "button wide-button", type: "button", onclick: async () => { if (await add()) draw(); } }, "再加一位见证人"),
      next("下一步", async () => {
        if (isBlank() && told.length < shown.least) { say("请至少请一位见证人签名。"); return; }
        if (!isBlank() && !(await add())) return;
        go(shown.next);
      }),
    ].filter(Boolean);
  };

  const line = (name, value) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []);
  const labelOf = (id) => table.questions[id].options.find((option) => option.value === at.answers[id])?.label;

  const review = () => {
    const asked = at.path.map((step) => step.id).filter((id) => table.questions[id].kind === "choice");
    const said = at.path.map((step) => step.id).filter((id) => table.questions[id].kind === "text" && at.answers[id]);
    const counted = (kind) => own(kind).length;
    return [
      el("dl", { class: "pairs" },
        ...line("受送达人", at.stop.name),
        ...asked.flatMap((id) => line(table.questions[id].ask, labelOf(id))),
        ...said.flatMap((id) => line(table.questions[id].ask, at.answers[id])),
        ...line("见证人", (at.answers.witnesses || []).map((one) => one.name).join("、")),
        ...line("所附", `签名${counted("signature")}件，照片${counted("photo")}张，录像${counted("video")}段`)),
      el("p", { class: "small quiet" }, "提交时记下时间、位置并由本机签名，此后任何改动都会被发现。"),
      next("提交", submit),
    ];
  };

  const DRAW = { choice, text, pictures, signature, witnesses, review };

  const submit = async (event) => {
    event.target.disabled = true;
    const files = at.files.map(({ preview, ...file }) => file);
    at.files.forEach((file) => file.preview && URL.revokeObjectURL(file.preview));
    await at.done({ answers: at.answers, files, began_at: at.began_at });
    dialog.close();
  };

  const draw = () => {
    const shown = question();
    const barred = shown.looks_in ? bar(shown) : null;
    const title = el("h2", { id: "door-title", tabindex: "-1" }, shown.ask);
    body.replaceChildren(
      title,
      barred ? el("div", { class: "say say--warn" }, el("div", {}, el("p", { class: "strong" }, barred.why), el("p", { class: "law small" }, barred.article))) : "",
      shown.law && !barred ? el("p", { class: "law small quiet" }, shown.law) : "",
      shown.hint ? el("p", { class: "hint" }, shown.hint) : "",
      el("p", { id: "door-wrong", class: "wrong", role: "alert", hidden: true }),
      el("div", { class: "answers" }, ...DRAW[shown.kind](shown)),
    );
    document.getElementById("door-who").textContent = `${at.stop.name} · ${at.stop.case}`;
    title.focus();
    dialog.scrollTop = 0;
  };

  document.getElementById("door-back").addEventListener("click", back);

  const open = (asked, stop, done) => {
    table = asked;
    at = { id: asked.first, stop, answers: {}, files: [], path: [], began_at: new Date().toISOString(), done };
    dialog.showModal();
    draw();
  };

  return { open, close: () => dialog.open && dialog.close() };
})();
