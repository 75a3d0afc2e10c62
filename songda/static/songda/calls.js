// The call page: a digit takes the outcome it stands for, a button copies the number.
"use strict";

(() => {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable], dialog[open]");

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !/^[1-9]$/.test(event.key)) return;
    const chosen = document.querySelector(`[data-digit="${event.key}"]`);
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
    const more = chosen.closest("details");
    if (more) more.querySelector("form select, form input:not([type=hidden]), form textarea, form button")?.focus();
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "已复制";
  });
})();
