// The courier's page: the next stop on top, the door's questions, what waits for a line, and the way out of danger.
"use strict";

(async () => {
  const { store, sending, camera, door, el } = Rounds;
  const page = document.getElementById("rounds");
  const doors = JSON.parse(document.getElementById("doors").textContent);
  const byId = (id) => document.getElementById(id);
  const clock = (moment) => new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }).format(new Date(moment));
  let round = null;
  // The report of leaving in danger that the desk is being told of.
  let alarm = "";

  const tell = (words, tone = "info") => {
    byId("told").className = `say say--${tone}`;
    byId("told").firstElementChild.textContent = words;
    byId("told").hidden = !words;
  };

  if (!window.crypto?.subtle || !window.indexedDB || !navigator.locks) {
    tell("这部手机或者浏览器不能安全地离线使用。请用较新的浏览器，并经 https 打开本页。", "danger");
    return;
  }
  await store.open(page.dataset.person);

  // ---- drawing ---------------------------------------------------------------------------------------------------------
  const left = () => round.stops.filter((stop) => !round.done[stop.visit]);
  const window_of = (stop) => `${clock(stop.opens)}–${clock(stop.shuts)}`;
  const phone_link = (number) => el("a", { class: "button", href: `tel:${number}` }, `拨打 ${number}`);

  const whole = (stop) => [
    el("p", { class: "stop__when" }, stop.arrives_at ? `计划 ${clock(stop.arrives_at)}` : "时间未排", el("span", { class: "quiet" }, `　${window_of(stop)} · 第${stop.ordinal}次`)),
    el("h2", {}, stop.name),
    el("p", { class: "small quiet" }, stop.case),
    stop.warning ? el("p", { class: "say say--danger" }, el("strong", {}, stop.warning)) : "",
    el("p", { class: "stop__address" }, stop.address),
    el("ol", { class: "way", "aria-label": "怎么走" }, ...stop.way.map((step) => el("li", {}, step))),
    stop.phones.length ? el("div", { class: "row" }, ...stop.phones.map(phone_link)) : el("p", { class: "small quiet" }, "没有可用的电话"),
    el("details", { class: "shut" }, el("summary", {}, `要交的文书 ${stop.papers.length} 件`), el("ul", {}, ...stop.papers.map((paper) => el("li", {}, paper)))),
    stop.tries.length ? el("p", { class: "small quiet" }, `此前上门：${stop.tries.join("、")}`) : "",
    el("button", { class: "button button--main button--big wide-button", type: "button", onclick: () => arrive(stop) }, "到了，开始登记"),
  ];

  const short = (stop) => el("li", {}, el("details", { class: "shut" },
    el("summary", {}, el("strong", {}, stop.arrives_at ? clock(stop.arrives_at) : "—"), `　${stop.name}`, el("span", { class: "small quiet" }, `　${stop.way[0] || ""}`)),
    ...whole(stop).filter(Boolean)));

  const draw = () => {
    const open = Boolean(round);
    byId("start").hidden = open;
    byId("on-round").hidden = !open;
    byId("safety").hidden = !open || !round.stops.length;
    if (!open) return;
    const stops = left();
    byId("next").replaceChildren(...(stops.length ? whole(stops[0]).filter(Boolean) : [el("h2", {}, "今天没有要上门的了"), el("p", {}, "有新的安排，按“更新行程”就会出现。")]));
    byId("later").replaceChildren(...stops.slice(1).map(short));
    byId("later-head").hidden = stops.length < 2;
    byId("later-count").textContent = Math.max(stops.length - 1, 0);
    const done = Object.entries(round.done);
    byId("done").replaceChildren(...done.map(([, what]) => el("li", {}, `${clock(what.at)}　${what.name}　${what.title}`)));
    byId("done-head").hidden = !done.length;
    byId("as-of").textContent = `${round.court} · ${round.courier} · ${clock(round.fetched_at)} 更新`;
  };

  const showQueue = (state) => {
    byId("badge").textContent = state.waiting ? `未上传 ${state.waiting} 件` : "都已上传";
    byId("badge").className = state.waiting ? "badge badge--warn" : "badge badge--ok";
    if (alarm && !state.busy) byId("away-sent").textContent = state.keys.includes(alarm) ? "还没能通知服务台：请直接打电话；联网后自动通知。" : "已通知外送服务台。";
    byId("log-in").hidden = !state.needsLogIn;
    byId("log-in-why").textContent = state.needsLogIn;
    const wrong = [...state.unsent, ...state.lost];
    byId("wrong").hidden = !wrong.length;
    const words = wrong.map((one) => `${one.title}：${one.why}`);
    // An alert is read out whenever it is written: only what changed is.
    const list = byId("wrong").lastElementChild;
    if (list.dataset.words === words.join("\n")) return;
    list.dataset.words = words.join("\n");
    list.replaceChildren(...words.map((one) => el("p", {}, one)));
  };
  const showLine = () => { byId("line").hidden = navigator.onLine; };
  sending.onChange(showQueue);
  window.addEventListener("online", showLine);
  window.addEventListener("offline", showLine);
  showLine();

  // ---- the round -------------------------------------------------------------------------------------------------------
  const take = async () => {
    byId("start-button").disabled = byId("renew").disabled = true;
    try {
      if (!round) await store.pair(!(await store.reports()).length);
      const now = Date.now();
      const told = await sending.postJson(doors.open, { public_key: await store.publicKey(), phone_at: new Date(now).toISOString() });
      round = { ...told, done: round?.done || {}, fetched_at: new Date(now).toISOString(), erase_at: round?.erase_at || now + told.lasts_seconds * 1000 };
      // What was reported and has not arrived yet is not to be visited again; what the platform still wants, is.
      const waiting = new Set((await store.reports()).map((report) => report.visit));
      round.stops.forEach((stop) => { if (!waiting.has(stop.visit)) delete round.done[stop.visit]; });
      sending.setPart(round.part_bytes);
      await store.keepRound(round);
      tell("");
      draw();
      sending.flush();
    } catch (problem) {
      if (problem instanceof sending.LoggedOut) location.assign(doors.rounds);
      else if (problem instanceof sending.Refused) tell(problem.message, "warn");
      else tell(problem instanceof sending.NotNow ? "平台现在答不了，请稍后再试。已在手机上的行程照常可用。" : "现在连不上平台。已在手机上的行程照常可用。", "warn");
    } finally { byId("start-button").disabled = byId("renew").disabled = false; }
  };

  const send = async (kind, stop, said, place, urgent = false) => {
    const key = crypto.randomUUID();
    const where = place && !place.problem ? place : null;
    const body = JSON.stringify({
      key, kind, visit: stop.visit, round: round.round, began_at: said.began_at, phone_at: new Date().toISOString(),
      place: where, no_place: place?.problem || "", answers: said.answers, files: said.files,
    });
    if (urgent) alarm = key;
    const title = `${kind === "safety" ? "安全撤离" : "上门情况"} ${stop.name}`;
    await sending.queue({
      key, urgent, order: Date.now(), title, visit: stop.visit, round: round.round, body, signature: await store.sign(body), files: said.files,
    });
  };

  const arrive = (stop) => {
    const place = camera.where(15000);
    door.open(round.questions, stop, async (said) => {
      await send("visit", stop, said, await place);
      round.done[stop.visit] = { at: new Date().toISOString(), name: stop.name, title: "已登记" };
      await store.keepRound(round);
      tell(navigator.onLine ? "已登记。" : "已存在手机里，联网后自动上传。", "ok");
      draw();
      window.scrollTo(0, 0);
    });
  };

  // Out of danger first: nothing is asked, nothing is waited for but a moment for the place.
  const leave = async () => {
    door.close();
    const stop = left()[0] || round.stops[round.stops.length - 1];
    byId("away-sent").textContent = "正在通知外送服务台…";
    byId("away").showModal();
    await send("safety", stop, { answers: {}, files: [], began_at: new Date().toISOString() }, await camera.where(3000), true);
    round.done[stop.visit] = { at: new Date().toISOString(), name: stop.name, title: "安全撤离" };
    await store.keepRound(round);
    draw();
  };

  const finish = async (leaveDesk) => {
    await sending.flush();
    const waiting = (await store.reports()).length;
    if (waiting && leaveDesk) tell(`还有 ${waiting} 件没有上传，仍加密保存在本机；请尽快由本人登录上传。`, "warn");
    if (round && navigator.onLine && !waiting) await sending.postJson(doors.close, { round: round.round }).catch(() => null);
    await store.eraseRound();
    round = null;
    draw();
    if (!waiting) tell("行程已结束，手机上的姓名、地址、电话已清除。", "ok");
    if (leaveDesk && !waiting) byId("logout-form").submit();
  };

  byId("start-button").addEventListener("click", take);
  byId("renew").addEventListener("click", take);
  byId("finish").addEventListener("click", () => finish(false));
  byId("logout").addEventListener("click", () => finish(true));
  byId("send-now").addEventListener("click", () => sending.flush());
  byId("safety").addEventListener("click", leave);
  byId("door-safety").addEventListener("click", leave);
  byId("away-close").addEventListener("click", () => byId("away").close());

  // ---- beginning -------------------------------------------------------------------------------------------------------
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(doors.worker, { scope: doors.rounds }).catch(() => tell("这部手机不能离线打开本页，请保持联网。", "warn"));
  round = await store.readRound();
  if (round) sending.setPart(round.part_bytes);
  draw();
  await sending.start({ file: doors.file, report: doors.report });
  sending.flush();
  byId("start-button").disabled = false;
  page.dataset.ready = "yes";
})();
