// The way to the platform: reports leave in their order, files before the report that speaks of them, each under the key
// made here, so that sending again changes nothing. Without a line they wait.
"use strict";

window.Rounds = window.Rounds || {};

Rounds.sending = (() => {
  const { store } = Rounds;
  const listeners = new Set();
  let doors = {};
  let partBytes = 512 * 1024;
  let state = { keys: [], waiting: 0, unsent: [], lost: [], needsLogIn: "", busy: false };

  const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) || "";

  // Four ways of not arriving: no line; nobody logged in; never (the platform says why); not now, though it was heard.
  class NoLine extends Error {}
  class LoggedOut extends Error {}
  class Refused extends Error {}
  class NotNow extends Error {}

  const post = async (url, body, type) => {
    let answer;
    try {
      answer = await fetch(url, {
        method: "POST", body, redirect: "manual", headers: { "Content-Type": type, "X-CSRFToken": cookie("csrftoken") },
      });
    } catch { throw new NoLine(); }
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new LoggedOut("登录已过期，未上传的都还在手机里。");
    if (answer.status === 403) throw new LoggedOut("平台没有接受这次登录，未上传的都还在手机里。重新登录后仍不行的，请外送服务台核对您的投递员身份。");
    const told = await answer.json().catch(() => null);
    if (answer.status === 422 && told) throw new Refused(told.refused);
    if (!answer.ok || !told) throw new NotNow(`平台暂时没有收下（${answer.status}），仍在手机里，稍后自动再传。`);
    return told;
  };
  const postJson = (url, said) => post(url, JSON.stringify(said), "application/json");

  const show = async (changes = {}) => {
    const keys = (await store.reports()).map((report) => report.key);
    state = { ...state, ...changes, keys, waiting: keys.length };
    listeners.forEach((listen) => listen(state));
  };

  // Raises Refused for what will never be there: its report goes without it, and the page says so.
  const sendFile = async (round, file) => {
    const content = await store.readFile(file.key);
    if (!content) throw new Refused("手机里已没有这个文件");
    let at = 0;
    let again = 0;
    while (at < content.byteLength) {
      const asked = new URLSearchParams({ ...file, round, start: at });
      const answer = await post(`${doors.file}?${asked}`, content.slice(at, at + partBytes), "application/octet-stream");
      if (answer.whole) return;
      // The platform lacks an earlier part, or asks for the whole again: twice, then no more.
      if (answer.got <= at && ++again > 2) throw new Refused("传到平台的内容与手机里的不一致");
      at = answer.got;
    }
  };

  const KINDS = { photo: "照片", signature: "签名", video: "录像" };

  const sendOne = async (report) => {
    const lost = [];
    for (const file of report.files) {
      try { await sendFile(report.round, file); } catch (problem) {
        if (!(problem instanceof Refused)) throw problem;
        lost.push({ title: `${report.title}，${KINDS[file.kind]}没有传上`, why: `${problem.message}。报告已上传，请告诉外送服务台。` });
      }
    }
    const { round, body, signature } = report;
    await postJson(doors.report, { round, body, signature, sent_at: new Date().toISOString() });
    await store.dropReport(report);
    state.lost = [...state.lost, ...lost];
  };

  const whyUnsent = (problem) => (problem instanceof Refused ? `${problem.message}。不能上传，请联系外送服务台。` : problem.message);

  const flush = () => navigator.locks.request("rounds-sending", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const unsent = [];
    const tried = new Set();
    await show({ busy: true });
    try {
      for (const report of await store.reports()) {
        tried.add(report.key);
        try { await sendOne(report); } catch (problem) {
          // What is wrong with one report does not keep back the others.
          if (!(problem instanceof Refused || problem instanceof NotNow)) throw problem;
          unsent.push({ title: report.title, why: whyUnsent(problem) });
        }
        await show({ unsent, needsLogIn: "" });
      }
    } catch (problem) {
      if (problem instanceof LoggedOut) state.needsLogIn = problem.message;
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
    start, flush, queue, postJson, LoggedOut, Refused, NotNow,
    onChange: (listen) => listeners.add(listen),
    setPart: (size) => { partBytes = size; },
  };
})();
