// What a page does beyond plain HTML. Everything here only shortens work: each page does its job without this file.
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const size = (bytes) =>
    bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

  // --- files dragged in -------------------------------------------------------------------------------------------
  const listFiles = (drop) => {
    const list = drop.querySelector(".drop__files");
    const input = drop.querySelector("input[type=file]");
    list.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        const length = document.createElement("span");
        length.className = "quiet";
        length.textContent = size(file.size);
        line.append(file.name, length);
        return line;
      }),
    );
  };

  const addFiles = (input, files) => {
    const kept = new DataTransfer();
    [...(input.multiple ? input.files : []), ...files].forEach((file) => kept.items.add(file));
    input.files = kept.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const readyDrop = (drop) => {
    const input = drop.querySelector("input[type=file]");
    const over = (on) => (event) => {
      event.preventDefault();
      drop.classList.toggle("drop--over", on);
    };
    ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, over(true)));
    ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, over(false)));
    drop.addEventListener("drop", (event) => addFiles(input, event.dataTransfer.files));
    input.addEventListener("change", () => {
      listFiles(drop);
      if (drop.hasAttribute("data-submit") && input.files.length) input.form.requestSubmit();
    });
  };

  // --- keyboard: "/" finds, "?" explains, "g" then a letter goes to a place, j and k walk a list, Enter opens ------
  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");
  let going = 0;

  const go = (letter) => {
    const place = document.querySelector(`.rail a[data-key="${CSS.escape(letter)}"]`);
    if (place) place.click();
    return Boolean(place);
  };

  const walk = (step) => {
    const rows = all("[data-walk] > tr, [data-walk] > li");
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    rows.forEach((row) => row.removeAttribute("aria-selected"));
    next.setAttribute("aria-selected", "true");
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("a, button")?.focus();
  };

  const KEYS = {
    "/": () => document.querySelector(".bar__box")?.focus(),
    "?": () => document.getElementById("keys")?.showModal(),
    j: () => walk(1),
    k: () => walk(-1),
    n: () => document.querySelector("[data-main-action]")?.click(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    if (Date.now() - going < 1500 && go(event.key)) {
      event.preventDefault();
      return;
    }
    if (KEYS[event.key]) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  // --- clicks that need no server ----------------------------------------------------------------------------------
  const CLICKS = {
    "data-open": (button) => document.getElementById(button.getAttribute("data-open"))?.showModal(),
    "data-close": (button) => button.closest("dialog, .say")?.[button.closest("dialog") ? "close" : "remove"](),
    "data-print": () => window.print(),
    "data-copy-row": (button) => copyRow(button),
    "data-drop-row": (button) => dropRow(button),
  };

  document.addEventListener("click", (event) => {
    for (const [name, act] of Object.entries(CLICKS)) {
      const button = event.target.closest(`[${name}]`);
      if (button) act(button, event);
    }
    all("details.menu[open]").forEach((menu) => menu.contains(event.target) || menu.removeAttribute("open"));
  });

  // --- rows of a form set: one more, one less ----------------------------------------------------------------------
  const copyRow = (button) => {
    const set = button.getAttribute("data-copy-row");
    const total = document.getElementById(`id_${set}-TOTAL_FORMS`);
    const mould = document.getElementById(`${set}-mould`);
    const row = document.createElement("div");
    row.innerHTML = mould.innerHTML.replaceAll("__prefix__", total.value);
    const added = row.firstElementChild;
    document.getElementById(`${set}-rows`).append(added);
    total.value = Number(total.value) + 1;
    added.querySelector("input:not([type=hidden]), select")?.focus();
  };

  const dropRow = (button) => {
    const row = button.closest("fieldset");
    const mark = row.querySelector("input[name$=-DELETE]");
    if (mark) mark.checked = true;
    row.hidden = true;
  };

  // --- forms: change sends a filter; leaving half-typed work asks first; a button is pressed once --------------------
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-sends]");
    if (form && event.target.matches("select, input[type=date], input[type=checkbox]")) form.requestSubmit();
    event.target.closest("form[data-keep]")?.setAttribute("data-changed", "");
  });

  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-changed]")) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    form.removeAttribute("data-changed");
    if (form.method === "get" || event.defaultPrevented) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    form.setAttribute("data-sent", "");
    setTimeout(() => form.removeAttribute("data-sent"), 4000);
  });

  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => form.removeAttribute("data-sent")));

  // --- one tick for all of a list -------------------------------------------------------------------------------------
  document.addEventListener("change", (event) => {
    const list = event.target.getAttribute("data-tick-all");
    if (list) all("input[type=checkbox]", document.getElementById(list)).forEach((box) => { box.checked = event.target.checked; });
  });

  // --- toasts go by themselves, errors stay --------------------------------------------------------------------------
  const ready = (root) => {
    all(".drop", root).forEach(readyDrop);
    all("[data-tick-all]", root).forEach((box) => { box.hidden = false; });
    all(".toasts .say--ok", root).forEach((toast) => setTimeout(() => toast.remove(), 8000));
    root.querySelector?.(".summary-of-errors")?.focus();
  };

  // Where the rail is a strip, the place one is at is in sight.
  const showPlace = () => {
    const here = document.querySelector(".rail a[aria-current]");
    const rail = here?.closest(".rail");
    if (rail) rail.scrollLeft = here.offsetLeft - (rail.clientWidth - here.offsetWidth) / 2;
  };

  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    showPlace();
  });
  document.addEventListener("htmx:load", (event) => event.detail.elt !== document.body && ready(event.detail.elt));

  // --- what htmx asked for and did not get: a page that asks every second tells it once, and takes it back when it goes
  // well again; what a person sent is told each time ------------------------------------------------------------------
  const WHY = { 0: "far", 401: "out" };
  const told = new Set();

  const tellFailed = (event) => {
    const again = event.detail.requestConfig.verb === "get";
    const why = WHY[event.detail.xhr.status] || (again ? "stale" : "refused");
    if (!again || !told.has(why)) {
      all(`.toasts [data-failed="${why}"]`).forEach((toast) => toast.remove());
      const mould = document.getElementById(`toast-${why}`);
      if (mould) document.querySelector(".toasts").append(mould.content.cloneNode(true));
    }
    told.add(why);
    event.detail.target?.removeAttribute("aria-busy");
  };

  document.addEventListener("htmx:responseError", tellFailed);
  document.addEventListener("htmx:sendError", tellFailed);
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.xhr.status >= 400) return;
    all(".toasts [data-failed]:not([data-failed=refused])").forEach((toast) => toast.remove());
    told.clear();
  });
})();
