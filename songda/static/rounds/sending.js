// The way to the platform: reports leave in their order, files before the report that speaks of them, each under the key
// made here, so that sending again changes nothing. Without a line they wait.
"use strict";

window.Rounds = window.Rounds || {};

Rounds.sending = (() => {
  const { store } = Rounds;
  const listeners = new Set();
  let doors = {};
  let partBytes = 512 * 1024;
  let state = { keys: [], waiting: 0, refused: [], needsLogIn: false, busy: false };

  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) || "";

  class NoLine extends Error {}
  class LoggedOut extends Error {}
  class Refused extends Error {}

  const post = async (url, body, type) => {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST", body, redirect: "manual", headers: { "Content-Type": type, "X-CSRFToken": cookie("csrftoken") },
      });
    } catch { throw new NoLine(); }
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new LoggedOut();
    if (answer.status === 422) throw new Refused((await answer.json()).refused);
    if (!answer.ok) throw new NoLine();
    return answer.json();
  };
  const postJson = (url, said) => post(url, JSON.stringify(said), "application/json");

  const show = async (changes = {}) => {
    const keys = (await store.reports()).map((report) => report.key);
    state = { ...state, ...changes, keys, waiting: keys.length };
    listeners.forEach((listen) => listen(state));
  };

  const sendFile = async (round, file) => {
    const content = await store.readFile(file.key);
    if (!content) return;
    let at = 0;
    let again = 0;
    while (at < content.byteLength) {
      const asked = new URLSearchParams({ ...file, round, start: at });
      const answer = await post(`${doors.file}?${asked}`, content.slice(at, at + partBytes), "application/octet-stream");
      if (answer.whole) return;
      // The platform lacks an earlier part, or asks for the whole again: twice, then the report goes without it.
      if (answer.got <= at && ++again > 2) return;
      at = answer.got;
    }
  };

  const sendOne = async (report) => {
    for (const file of report.files) {
      try { await sendFile(report.round, file); } catch (problem) { if (!(problem instanceof Refused)) throw problem; }
    }
    const { round, body, signature } = report;
    await postJson(doors.report, { round, body, signature, sent_at: new Date().toISOString() });
    await store.dropReport(report);
  };

  const flush = () => navigator.locks.request("rounds-sending", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const refused = [];
    const tried = new Set();
    await show({ busy: true });
    try {
      for (const report of await store.reports()) {
        tried.add(report.key);
        try { await sendOne(report); } catch (problem) {
          if (!(problem instanceof Refused)) throw problem;
          refused.push({ title: report.title, why: problem.message });
        }
        await show({ refused, needsLogIn: false });
      }
    } catch (problem) {
      if (problem instanceof LoggedOut) state.needsLogIn = true;
      else if (!(problem instanceof NoLine)) throw problem;
    } finally { await show({ busy: false }); }
    // What was added while this went on goes with the next.
    if (navigator.onLine && state.keys.some((key) => !tried.has(key)) && !state.needsLogIn) setTimeout(flush, 0);
  });

  const queue = async (report) => {
    await store.keepReport(report.key, report);
    await show({ busy: true });
    flush();
  };

  const start = async (where) => {
    doors = where;
    window.addEventListener("online", flush);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) flush(); });
    setInterval(() => { if (state.waiting && navigator.onLine) flush(); }, 15000);
    await show();
  };

  return {
    start, flush, queue, postJson, NoLine, LoggedOut, Refused,
    onChange: (listen) => listeners.add(listen),
    setPart: (size) => { partBytes = size; },
  };
})();
