// The tablet in the person's hands: the list is read aloud where the device can speak. Signing is portal/sign.js.
"use strict";

(() => {
  const button = document.getElementById("read");
  const words = document.getElementById("aloud");
  if (!button || !words || !window.speechSynthesis) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    window.speechSynthesis.cancel();
    const said = new SpeechSynthesisUtterance(words.textContent);
    said.lang = "zh-CN";
    said.rate = 0.85;
    window.speechSynthesis.speak(said);
  });
})();
