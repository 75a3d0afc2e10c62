// Keeps the courier's page on the phone, so that it opens without a line. It keeps no data: those lie encrypted elsewhere.
"use strict";

const SHELF = "songda-rounds-{{ version }}";
const PAGE = {{ page|safe }};
const KEPT = {{ kept|safe }};

// A part that is missing must not keep the others away.
const keep = async () => {
  const shelf = await caches.open(SHELF);
  await Promise.all(KEPT.map((url) => shelf.add(url).catch(() => null)));
};

const throwAway = async () => {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("songda-rounds-") && name !== SHELF).map((name) => caches.delete(name)));
};

// The page itself: fresh where there is a line, else as it was last seen. A log-in page is never kept in its place.
const page = async (request) => {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && answer.type === "basic") await shelf.put(PAGE, answer.clone());
    return answer;
  } catch (problem) {
    const kept = await shelf.match(PAGE);
    if (kept) return kept;
    throw problem;
  }
};

const part = async (request) => {
  const shelf = await caches.open(SHELF);
  const kept = await shelf.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await shelf.put(request, answer.clone());
  return answer;
};

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(throwAway().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(page(request));
  else if (url.pathname.startsWith("{{ static_url|escapejs }}")) event.respondWith(part(request));
});
