// What stays on the phone: the round, readable only in this session; reports and files that wait for a line, readable
// only by this browser; and the key that signs, which nobody can take out. Everything lies encrypted in IndexedDB.
"use strict";

window.Rounds = window.Rounds || {};

Rounds.store = (() => {
  const SHELVES = ["keys", "round", "queue", "files"];
  const SESSION = "songda-round-key";
  const AES = { name: "AES-GCM", length: 256 };
  const EC = { name: "ECDSA", namedCurve: "P-256" };
  let database = null;

  const wish = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

  const open = async (person) => {
    const request = indexedDB.open(`songda-rounds-${person}`, 1);
    request.onupgradeneeded = () => SHELVES.forEach((name) => request.result.createObjectStore(name));
    database = await wish(request);
  };

  const shelf = (name, mode = "readonly") => database.transaction(name, mode).objectStore(name);
  const get = (name, key) => wish(shelf(name).get(key));
  const put = (name, key, value) => wish(shelf(name, "readwrite").put(value, key));
  const drop = (name, key) => wish(shelf(name, "readwrite").delete(key));
  const keys = (name) => wish(shelf(name).getAllKeys());

  const bytes = (text) => new TextEncoder().encode(text);
  const base64 = (buffer) => btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(""));
  const unbase64 = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  const seal = async (key, plain) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
  };
  const unseal = (key, kept) => crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, key, kept.sealed);

  // The round's key lives as long as the tab: whoever finds the phone later finds nothing to read.
  const sessionKey = async (make) => {
    let raw = sessionStorage.getItem(SESSION);
    if (!raw) {
      if (!make) return null;
      raw = base64(crypto.getRandomValues(new Uint8Array(32)));
      sessionStorage.setItem(SESSION, raw);
    }
    return crypto.subtle.importKey("raw", unbase64(raw), "AES-GCM", false, ["encrypt", "decrypt"]);
  };

  // What waits for a line must outlive the tab: its key stays with the browser and cannot be read out of it.
  const queueKey = async () => {
    const known = await get("keys", "queue");
    if (known) return known;
    const made = await crypto.subtle.generateKey(AES, false, ["encrypt", "decrypt"]);
    await put("keys", "queue", made);
    return made;
  };

  // The pair that signs: made once a day, its private half never leaves the browser.
  const pair = async (fresh) => {
    const known = fresh ? null : await get("keys", "pair");
    if (known) return known;
    const made = await crypto.subtle.generateKey(EC, false, ["sign", "verify"]);
    await put("keys", "pair", made);
    return made;
  };

  const publicKey = async () => base64(await crypto.subtle.exportKey("spki", (await pair()).publicKey));
  const sign = async (text) => base64(
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (await pair()).privateKey, bytes(text)),
  );
  const digest = async (buffer) =>
    Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", buffer)), (one) => one.toString(16).padStart(2, "0")).join("");

  const keepRound = async (round) => put("round", "today", await seal(await sessionKey(true), bytes(JSON.stringify(round))));

  const readRound = async () => {
    const [kept, key] = [await get("round", "today"), await sessionKey(false)];
    if (!kept || !key) return null;
    const round = await unseal(key, kept).then((plain) => JSON.parse(new TextDecoder().decode(plain))).catch(() => null);
    if (round && Date.now() < round.erase_at) return round;
    await eraseRound();
    return null;
  };

  const eraseRound = async () => {
    await drop("round", "today");
    sessionStorage.removeItem(SESSION);
  };

  const keepFile = async (key, buffer) => put("files", key, await seal(await queueKey(), buffer));
  const readFile = async (key) => {
    const kept = await get("files", key);
    return kept ? unseal(await queueKey(), kept) : null;
  };
  const keepReport = async (key, report) => put("queue", key, await seal(await queueKey(), bytes(JSON.stringify(report))));
  const readReport = async (key) => {
    const kept = await get("queue", key);
    return kept ? JSON.parse(new TextDecoder().decode(await unseal(await queueKey(), kept))) : null;
  };
  const reports = async () => {
    const found = await Promise.all((await keys("queue")).map(readReport));
    return found.filter(Boolean).sort((one, other) => Number(other.urgent) - Number(one.urgent) || one.order - other.order);
  };
  const dropReport = async (report) => {
    await drop("queue", report.key);
    await Promise.all(report.files.map((file) => drop("files", file.key)));
  };

  return {
    open, pair, publicKey, sign, digest, keepRound, readRound, eraseRound, keepFile, readFile, dropFile: (key) => drop("files", key),
    keepReport, reports, dropReport, unbase64,
  };
})();
