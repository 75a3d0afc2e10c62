// Photographs made small on the phone and without what the camera wrote into them; where the phone is.
"use strict";

window.Rounds = window.Rounds || {};

Rounds.camera = (() => {
  const SIDE = 1600;

  // A picture drawn anew carries no place, no device and no hour of the camera's.
  const small = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
  };

  const where = (patience) => new Promise((done) => {
    if (!navigator.geolocation) { done({ problem: "unavailable" }); return; }
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => done({
        latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy, at: new Date(timestamp).toISOString(),
      }),
      (error) => done({ problem: ["", "denied", "unavailable", "timeout"][error.code] || "unavailable" }),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 20000 },
    );
  });

  return { small, where };
})();
