// Conversations: a draft outlives a reload, Ctrl+Enter sends, @ offers whom to call, what is new comes into view.
"use strict";

(() => {
  const box = () => document.querySelector("[data-talk]");
  const form = () => document.getElementById("composer");
  const words = () => form()?.querySelector("textarea");

  // --- the draft: kept for this tab only, so that nothing of a case stays in a shared machine ------------------------
  const name = () => `draft:${form().dataset.draft}`;
  const keep = () => (words().value ? sessionStorage.setItem(name(), words().value) : sessionStorage.removeItem(name()));
  const bringBack = () => {
    const kept = sessionStorage.getItem(name());
    if (kept && !words().value) words().value = kept;
  };

  // --- the end of the conversation is in view, unless one reads further up --------------------------------------------
  const toEnd = () => box() && (box().scrollTop = box().scrollHeight);
  const nearEnd = () => box() && box().scrollHeight - box().scrollTop - box().clientHeight < 120;

  // --- whom an @ may call ------------------------------------------------------------------------------------------------
  const list = () => document.getElementById("calls");
  const begun = () => /[@＠]([^@＠\s]{0,12})$/.exec(words().value.slice(0, words().selectionStart));
  let chosen = 0;

  const close = () => {
    list().hidden = true;
    list().replaceChildren();
    words().removeAttribute("aria-activedescendant");
  };

  const mark = (at) => {
    const options = [...list().children];
    chosen = (at + options.length) % options.length;
    options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
    options[chosen].scrollIntoView({ block: "nearest" });
    words().setAttribute("aria-activedescendant", options[chosen].id);
  };

  const offer = () => {
    const typed = begun();
    const known = words().dataset.calls.split("|").filter((one) => one && typed && one.startsWith(typed[1]) && one !== typed[1]);
    if (!known.length) return close();
    list().replaceChildren(
      ...known.map((one, place) => {
        const option = document.createElement("li");
        option.id = `call-${place}`;
        option.setAttribute("role", "option");
        option.textContent = one;
        return option;
      }),
    );
    list().hidden = false;
    return mark(0);
  };

  const take = (option) => {
    const [all, typed] = begun();
    const at = words().selectionStart;
    words().setRangeText(`${option.textContent} `, at - typed.length, at, "end");
    if (all) close();
    keep();
    words().focus();
  };

  const KEYS = {
    ArrowDown: () => mark(chosen + 1),
    ArrowUp: () => mark(chosen - 1),
    Enter: () => take(list().children[chosen]),
    Tab: () => take(list().children[chosen]),
    Escape: close,
  };

  // --- what happens ------------------------------------------------------------------------------------------------------
  document.addEventListener("input", (event) => {
    if (event.target !== words()) return;
    keep();
    offer();
  });

  document.addEventListener("keydown", (event) => {
    if (event.target !== words()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form().requestSubmit();
    } else if (!list().hidden && KEYS[event.key] && !event.isComposing) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("#calls [role=option]");
    if (!option) return;
    event.preventDefault();
    take(option);
  });

  // Nobody reads in a window that is hidden, and nothing moves under the hand of who is about to open it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target.id === "tail" && document.hidden) event.preventDefault();
    const live = event.target.closest("[data-live]");
    if (live && (document.hidden || live.contains(document.activeElement))) event.preventDefault();
  });

  let follow = false;
  document.addEventListener("htmx:beforeSwap", () => (follow = nearEnd()));
  document.addEventListener("htmx:afterSettle", () => follow && toEnd());
  // What was said is no draft any more; what was refused, or could not be sent, still is.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target?.id !== "composer") return;
    sessionStorage.removeItem(name());
    form().removeAttribute("data-sent");
    words().focus();
    toEnd();
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (form()) bringBack();
    toEnd();
  });
})();
