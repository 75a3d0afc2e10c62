// The signature field. Everything else on the page works without a script.
(() => {
  const pad = document.getElementById("pad");
  if (!pad || !window.SignaturePad) return;
  const canvas = document.getElementById("canvas");
  const blank = document.getElementById("blank");
  const drawing = new SignaturePad(canvas, { penColor: "rgb(16, 24, 40)", minWidth: 1.2, maxWidth: 3.4 });

  // A canvas has its own points: without this a sharp screen would show a blurred line, away from the finger.
  const fit = () => {
    const strokes = drawing.toData();
    const scale = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = canvas.offsetWidth * scale;
    canvas.height = canvas.offsetHeight * scale;
    canvas.getContext("2d").scale(scale, scale);
    drawing.clear();
    drawing.fromData(strokes);
  };
  pad.hidden = false;
  document.getElementById("no-pad").hidden = true;
  fit();
  let width = canvas.offsetWidth;
  window.addEventListener("resize", () => {
    if (canvas.offsetWidth !== width) { width = canvas.offsetWidth; fit(); }
  });
  // A line that ends quickly would be a flick to the browser, and the touch after it, on the button, only the flick's end.
  canvas.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  drawing.addEventListener("beginStroke", () => { blank.hidden = true; });
  document.getElementById("clear").addEventListener("click", () => drawing.clear());
  document.getElementById("sign-form").addEventListener("submit", (event) => {
    if (drawing.isEmpty()) {
      event.preventDefault();
      blank.hidden = false;
      canvas.focus();
      return;
    }
    document.getElementById("signature").value = drawing.toDataURL("image/png");
  });
})();
