// Boards: draws what the data address says, every second; numbers and lists come by htmx at the same pace.
(() => {
  "use strict";
  const EVERY = 1000;
  const board = document.querySelector("[data-board]");
  if (!board || !window.echarts) return;

  const onWall = document.body.classList.contains("on-wall");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  // On the wall words are as large as the screen allows; it is drawn on 1920 by 1080.
  const scale = () => (onWall && innerWidth > 1184 ? Math.min(innerWidth / 1920, innerHeight / 1080) : 1);
  let size = 12;
  const fit = () => { size = onWall ? Math.max(9, Math.round(14 * scale())) : 12; };
  fit();
  const drawn = new Map();

  // --- how each shape is drawn ---------------------------------------------------------------------------------------
  const palette = () => (onWall ? ["#6fd3cc", "#94c4f7", "#ff9db3"] : [colour("--action"), colour("--info"), colour("--danger")]);
  const words = () => ({ color: colour("--ink-2"), fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily });
  const lines = () => ({ lineStyle: { color: colour("--line") } });
  // Few names all stand there, broken into lines as wide as their column; of many, as many as there is room for.
  const naming = (labels, element) => ({ type: "category", data: labels, axisLabel: { ...words(), ...(labels.length < 10 ? { interval: 0, width: Math.floor((element.clientWidth - size * 6) / labels.length), overflow: "break", lineHeight: Math.ceil(size * 1.2) } : { interval: "auto", hideOverlap: true }) }, axisLine: lines(), axisTick: { show: false } });
  const counting = () => ({ type: "value", minInterval: 1, axisLabel: words(), splitLine: lines() });
  const valueLabel = (position) => ({ show: true, position, color: colour("--ink"), fontSize: size, formatter: (one) => (one.value ? one.value : "") });

  const series = (kind, said, more) => said.names.map((name, at) => ({ name, type: kind, data: said.series[at], barMaxWidth: size * 2, labelLayout: { hideOverlap: true }, ...more(at) }));
  const common = (said) => ({
    color: palette(),
    animation: !still,
    animationDurationUpdate: 400,
    textStyle: words(),
    grid: { left: 8, right: size * 4, top: said.names.length > 1 ? size * 2.2 : size * 1.5, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, confine: true },
    legend: { show: said.names.length > 1, top: 0, right: 0, textStyle: words(), itemWidth: 14, itemHeight: 9 },
  });

  // Lying bars: the number stands at the bar, so the wall needs no scale; words are no taller than their row.
  const across = (said, element, stack) => {
    const row = (element.clientHeight - size * (said.names.length > 1 ? 2.2 : 1.5) - (onWall ? 4 : size * 2)) / Math.max(1, said.labels.length);
    const low = Math.max(7, Math.min(size, Math.floor(row) - 1));
    const value = { ...valueLabel(stack ? "inside" : "right"), fontSize: low, ...(stack ? { color: colour("--surface") } : {}) };
    return {
      xAxis: onWall ? { type: "value", axisLabel: { show: false }, splitLine: { show: false } } : counting(),
      yAxis: { type: "category", data: said.labels, inverse: true, axisLabel: { ...words(), fontSize: low, interval: 0 }, axisLine: lines(), axisTick: { show: false } },
      series: series("bar", said, () => ({ stack, label: value, itemStyle: { borderRadius: stack ? 0 : [0, 3, 3, 0] } })),
    };
  };

  const SHAPES = {
    bars: (said, element) => across(said, element, undefined),
    stacked: (said, element) => ({ ...across(said, element, "all"), color: [palette()[0], colour("--danger")] }),
    columns: (said, element) => ({ xAxis: naming(said.labels, element), yAxis: counting(), series: series("bar", said, () => ({ label: valueLabel("top"), itemStyle: { borderRadius: [3, 3, 0, 0] } })) }),
    lines: (said, element) => ({ xAxis: { ...naming(said.labels, element), boundaryGap: false }, yAxis: counting(), series: series("line", said, (at) => ({ symbolSize: 5, smooth: 0.25, areaStyle: at === 0 ? { opacity: 0.12 } : undefined })) }),
  };

  const empty = () => ({ title: { text: "还没有数据", left: "center", top: "middle", textStyle: { ...words(), fontWeight: "normal" } } });

  const draw = (element, said) => {
    const was = drawn.get(element);
    const now = JSON.stringify(said);
    if (was && was.now === now) return;
    const chart = was ? was.chart : window.echarts.init(element, null, { renderer: "canvas" });
    const nothing = !said.series.flat().some(Boolean);
    chart.setOption(nothing ? empty() : { ...common(said), ...SHAPES[said.shape](said, element) }, { notMerge: nothing || was?.nothing || was?.now === "", replaceMerge: ["series"] });
    drawn.set(element, { chart, said, now, nothing });
  };

  // Another size of the screen: another size of the words.
  const redraw = () => {
    fit();
    for (const [element, was] of drawn) {
      was.chart.resize();
      drawn.set(element, { ...was, now: "" });
      draw(element, was.said);
    }
  };

  // --- again and again, while somebody can see it --------------------------------------------------------------------
  const stale = (is) => board.classList.toggle("is-stale", is);

  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(board.dataset.board, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      const said = await answer.json();
      for (const element of board.querySelectorAll("[data-chart]")) draw(element, said[element.dataset.chart]);
      stale(false);
    } catch {
      stale(true);
    }
  };

  const turn = async () => {
    await look();
    setTimeout(turn, EVERY);
  };

  // Numbers are not changed under the hand of who is about to open one.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const live = event.target.closest("[data-live]");
    if (live && (document.hidden || live.contains(document.activeElement))) event.preventDefault();
  });
  document.addEventListener("visibilitychange", look);
  new ResizeObserver(redraw).observe(board);
  turn();
})();
