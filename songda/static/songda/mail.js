// A station: a barcode scanner types and presses Enter. Each scan goes into a queue that outlives the page, is sent in
// its turn and stays until it was answered; what came of it is shown large, read aloud and sounded.
"use strict";

(() => {
  const form = document.querySelector("[data-station]");
  const SPEAK = "songda-speak";
  const AGAIN_AFTER = 3000;

  // --- the field of the page is always ready ---------------------------------------------------------------------
  const field = document.querySelector("[data-scan]");
  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");

  document.addEventListener("keydown", (event) => {
    if (!field || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (/^[0-9A-Z]$/.test(event.key)) field.focus();
  });

  // --- one key on the row that is walked to ---------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const all = [...document.querySelectorAll(`main [data-key="${CSS.escape(event.key)}"]`)];
    const chosen = all.find((button) => button.closest('[data-walk] > [aria-selected="true"]'));
    // Where a key could mean several things, a row is walked to first.
    (chosen ?? (all.length === 1 && !all[0].closest("[data-walk]") ? all[0] : undefined))?.click();
  });

  // --- a returned parcel: what is known of it, as soon as it is scanned ---------------------------------------------
  const back = document.querySelector("[data-return]");
  const showKnown = async () => {
    const url = `${back.getAttribute("data-return")}?number=${encodeURIComponent(field.value)}`;
    const answer = await fetch(url, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const known = back.querySelector("[data-known]");
    known.innerHTML = await answer.text();
    const because = known.querySelector("[data-because]")?.getAttribute("data-because");
    const choice = back.elements.because;
    if (because && !choice.value) choice.value = because;
  };

  if (back) {
    field.addEventListener("change", () => field.value && showKnown());
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (field.value) back.elements.because.focus();
    });
  }

  if (!form) return;

  // --- the queue ---------------------------------------------------------------------------------------------------
  const [number, sheets] = [form.elements.number, form.elements.sheets];
  const store = `songda-scans ${form.getAttribute("action")}`;
  const waiting = () => JSON.parse(sessionStorage.getItem(store) ?? "[]");
  const keep = (scans) => sessionStorage.setItem(store, JSON.stringify(scans));
  let sending = false;

  const showLeft = (failed) => {
    const left = form.parentElement.querySelector("[data-left]");
    const count = waiting().length;
    left.hidden = !failed || !count;
    left.textContent = failed ? `有 ${count} 次扫描还没有送出，正在重试；没有丢失。` : "";
  };

  const send = async (scan) => {
    const body = new FormData(form);
    body.set("number", scan.number);
    if (scan.sheets !== undefined) body.set("sheets", scan.sheets);
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const work = async () => {
    if (sending) return;
    sending = true;
    while (waiting().length) {
      try {
        show(await send(waiting()[0]));
      } catch {
        showLeft(true);
        setTimeout(work, AGAIN_AFTER);
        break;
      }
      keep(waiting().slice(1));
      showLeft(false);
    }
    sending = false;
    if (!waiting().length) refresh();
  };

  // --- what came of it ---------------------------------------------------------------------------------------------
  const element = (name, kind, text) => {
    const made = document.createElement(name);
    made.className = kind;
    made.textContent = text;
    return made;
  };

  const show = (told) => {
    const verdict = form.parentElement.querySelector("[data-verdict]");
    verdict.className = `verdict verdict--${told.tone}`;
    verdict.replaceChildren(element("span", "verdict__word", told.words));
    verdict.append(element("span", "verdict__about code", told.number));
    if (told.who) verdict.append(element("span", "verdict__about", told.who));
    const line = element("li", `scanned scanned--${told.tone}`, "");
    line.append(element("span", "code", told.number), " ", element("strong", "", told.words));
    form.parentElement.querySelector("[data-log]").prepend(line);
    sound(told.tone);
    speak(`${told.number.slice(-4).split("").join(" ")}，${told.words}`);
  };

  let audio;
  const sound = (tone) => {
    if (!window.AudioContext) return;
    audio ??= new AudioContext();
    const [pitch, times] = tone === "danger" ? [220, 3] : [880, 1];
    for (let at = 0; at < times; at += 1) {
      const voice = audio.createOscillator();
      voice.frequency.value = pitch;
      voice.connect(audio.destination);
      voice.start(audio.currentTime + at * 0.22);
      voice.stop(audio.currentTime + at * 0.22 + 0.14);
    }
  };

  const box = form.parentElement.querySelector("[data-speak]");
  const speak = (words) => {
    if (!box.checked || !window.speechSynthesis) return;
    speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance(words);
    said.lang = "zh-CN";
    speechSynthesis.speak(said);
  };

  box.checked = localStorage.getItem(SPEAK) !== "no";
  box.addEventListener("change", () => localStorage.setItem(SPEAK, box.checked ? "yes" : "no"));

  const refresh = async () => {
    const target = form.getAttribute("data-refresh");
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(target);
    const there = document.querySelector(target);
    if (fresh) renew(there, document.importNode(fresh, true));
  };

  // What somebody is typing there is not taken from under their hands.
  const renew = (there, fresh) => {
    const at = document.activeElement;
    for (const typed of there.querySelectorAll("input:not([type=hidden])")) {
      const same = typed.id && fresh.querySelector(`#${CSS.escape(typed.id)}`);
      if (same) same.value = typed.value;
    }
    const [back, from, to] = there.contains(at) ? [at.id, at.selectionStart, at.selectionEnd] : [];
    there.replaceWith(fresh);
    if (!back) return;
    const field = document.getElementById(back);
    field?.focus();
    field?.setSelectionRange?.(from, to);
  };

  // --- the scanner's Enter -----------------------------------------------------------------------------------------
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const scanned = number.value.trim();
    if (!scanned) return number.focus();
    if (sheets && !/^\d{1,5}$/.test(sheets.value.trim())) return sheets.focus();
    keep([...waiting(), sheets ? { number: scanned, sheets: sheets.value.trim() } : { number: scanned }]);
    number.value = "";
    if (sheets) sheets.value = "";
    number.focus();
    work();
  });

  // Of two fields the first one's Enter goes to the second, whatever the browser thinks is missing.
  number.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !sheets || !number.value.trim() || sheets.value.trim()) return;
    event.preventDefault();
    sheets.focus();
    look();
  });

  // A piece that is not to be counted is told before its sheets are. What cannot be asked now the count itself will say.
  const look = async () => {
    const scanned = number.value.trim();
    const asked = { method: "POST", body: new FormData(form), headers: { accept: "application/json" } };
    const answer = await fetch(form.getAttribute("data-look"), asked).catch(() => null);
    const told = answer?.ok ? await answer.json() : { code: "countable" };
    if (told.code === "countable" || number.value.trim() !== scanned) return;
    show(told);
    number.value = sheets.value = "";
    number.focus();
  };

  // A label scanned while the sheets are asked for is the next piece, not a count of sheets.
  sheets?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || sheets.value.trim().length <= 5) return;
    event.preventDefault();
    show({ tone: "danger", words: "没有填张数，没有登记", number: number.value.trim(), who: "" });
    number.value = sheets.value.trim();
    sheets.value = "";
  });

  form.noValidate = true;
  number.focus();
  if (waiting().length) work();
})();
