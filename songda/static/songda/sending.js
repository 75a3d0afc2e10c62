// Nothing typed and no file chosen is lost on the way: a form is sent only while the one who opened it is logged in at
// the same court, and a large upload tells how far it is. Without this file forms are sent as any form is.
"use strict";

(() => {
  const GUARDED = ".work form[data-keep], .work form[enctype='multipart/form-data']";
  const seat = () => document.querySelector("[data-seat]");
  const passed = new WeakSet();
  const busy = new WeakSet();

  // --- who is here now ------------------------------------------------------------------------------------------------
  const renew = (token) => {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  };

  // What stands in the way of sending: "out", "other", "far", or nothing. A log-in made meanwhile brings a new token.
  const trouble = async () => {
    try {
      const answer = await fetch(seat().dataset.still, { redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect" || answer.status === 403) return "out";
      if (!answer.ok) return "far";
      const now = await answer.json();
      if (now.seat !== seat().dataset.seat) return "other";
      renew(now.token);
      return "";
    } catch {
      return "far";
    }
  };

  // --- kept here until it can be sent ---------------------------------------------------------------------------------
  let held = null;
  const dialog = () => document.getElementById("kept");

  const tell = (why) => {
    dialog().querySelectorAll("[data-why]").forEach((words) => { words.hidden = words.dataset.why !== why; });
    const away = ["out", "other"].includes(why);
    const [logIn, again] = ["[data-log-in]", "[data-send-again]"].map((one) => dialog().querySelector(one));
    logIn.hidden = !away;
    again.classList.toggle("button--main", !away);
  };

  const hold = (form, submitter, why) => {
    held = { form, submitter };
    form.removeAttribute("data-sent");
    form.setAttribute("data-changed", "");
    tell(why);
    if (!dialog().open) dialog().showModal();
  };

  // Back from the other window: say at once whether it can be sent now; sending stays with the person.
  const look = async () => {
    if (document.hidden || !dialog()?.open) return;
    tell((await trouble()) || "good");
  };
  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-send-again]") || !held) return;
    send(held.form, held.submitter);
  });

  const send = async (form, submitter) => {
    if (busy.has(form)) return;
    busy.add(form);
    const why = await trouble();
    busy.delete(form);
    if (why) {
      hold(form, submitter, why);
      return;
    }
    dialog().close();
    form.removeAttribute("data-sent");
    passed.add(form);
    form.requestSubmit(submitter);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !seat() || form.method !== "post" || !form.matches(GUARDED)) return;
    if (!passed.delete(form)) {
      event.preventDefault();
      send(form, event.submitter);
    } else if (form.hasAttribute("data-progress")) {
      event.preventDefault();
      upload(form, event.submitter);
    }
  });

  // What htmx sends of a page is asked about in the same way; what it only asks for is not.
  document.addEventListener("htmx:confirm", (event) => {
    const form = event.target;
    if (event.detail.verb !== "post" || !form.matches("form") || !seat() || passed.delete(form)) return;
    event.preventDefault();
    send(form, event.detail.triggeringEvent?.submitter);
  });

  // --- how far an upload is -------------------------------------------------------------------------------------------
  const size = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const lasts = (seconds) => (seconds < 60 ? `${Math.max(1, Math.ceil(seconds))} 秒` : `${Math.ceil(seconds / 60)} 分钟`);

  const barOf = (form) => {
    form.querySelector(".sending")?.remove();
    form.append(document.getElementById("sending-mould").content.cloneNode(true));
    return form.querySelector(".sending");
  };

  const upload = (form, submitter) => {
    if (busy.has(form)) return;
    busy.add(form);
    const bar = barOf(form);
    const [words, far, line] = ["[data-words]", "[data-far]", "progress"].map((one) => bar.querySelector(one));
    const request = new XMLHttpRequest();
    const began = performance.now();
    const over = (why) => {
      busy.delete(form);
      bar.remove();
      if (why) hold(form, submitter, why);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const left = ((performance.now() - began) / 1000) * (total / loaded - 1);
      line.max = total;
      line.value = loaded;
      far.textContent = `已上传 ${size(loaded)}，共 ${size(total)}${loaded < total ? `，大约还要 ${lasts(left)}` : ""}`;
    });
    request.upload.addEventListener("load", () => {
      words.textContent = "已全部上传，平台正在读取，请稍候";
      line.removeAttribute("value");
    });
    request.addEventListener("abort", () => {
      over("");
      form.removeAttribute("data-sent");
      form.setAttribute("data-changed", "");
    });
    request.addEventListener("error", () => over("broken"));
    const turn = turner(form, request);
    request.addEventListener("progress", () => turn.ready() && turn.on());
    request.addEventListener("load", () => (turn.ready() ? turn.end() : over(request.status === 413 ? "large" : "broken")));
    bar.querySelector("[data-stop]").addEventListener("click", () => request.abort());
    request.open("POST", submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href);
    request.send(new FormData(form));
  };

  // The answer is the next page, drawn as it comes: a long loading tells its own progress in it. Going back asks the
  // server anew, since the page before is no longer here.
  const turner = (form, request) => {
    const files = [...form.querySelectorAll("input[type=file][multiple]")].map(({ name, files }) => [name, files]);
    let at = -1;
    const open = () => {
      at = 0;
      history.pushState(null, "", request.responseURL);
      document.open();
      window.addEventListener("popstate", () => location.reload());
    };
    const on = () => {
      if (at < 0) open();
      document.write(request.responseText.slice(at));
      at = request.responseText.length;
    };
    const end = () => {
      on();
      window.addEventListener("load", () => request.status === 422 && chooseAgain(files));
      document.close();
    };
    return { ready: () => [200, 422].includes(request.status), on, end };
  };

  // What was refused comes back with the files that were chosen beside it; a browser would ask for them again.
  const chooseAgain = (files) => files.forEach(([name, chosen]) => {
    const field = document.querySelector(`input[type=file][name="${CSS.escape(name)}"]`);
    if (!field || !chosen.length) return;
    field.files = chosen;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
