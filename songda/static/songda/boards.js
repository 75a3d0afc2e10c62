// Boards: draws what the data address says, every second; numbers and lists come by htmx at the same pace.
(() => {
  "use strict";
  const EVERY = 1000;
  const board = document.querySelector("[data-board]");
  if (!board || !window.echarts) return;

  const onWall = document.body.classList.contains("on-wall");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
  const size = onWall ? 14 : 12;
  const drawn = new Map();

  // --- how each shape is drawn ---------------------------------------------------------------------------------------
  const palette = () => (onWall ? ["#6fd3cc", "#94c4f7", "#ff9db3"] : [colour("--action"), colour("--info"), colour("--danger")]);
  const words = () => ({ color: colour("--ink-2"), fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily });
  const lines = () => ({ lineStyle: { color: colour("--line") } });
  const naming = (labels) => ({ type: "category", data: labels, axisLabel: { ...words(), interval: labels.length < 10 ? 0 : "auto", hideOverlap: true }, axisLine: lines(), axisTick: { show: false } });
  const counting = () => ({ type: "value", minInterval: 1, axisLabel: words(), splitLine: lines() });
  const valueLabel = (position) => ({ show: true, position, color: colour("--ink"), fontSize: size, formatter: (one) => (one.value ? one.value : "") });

  const series = (kind, said, more) => said.names.map((name, at) => ({ name, type: kind, data: said.series[at], barMaxWidth: 26, ...more(at) }));
  const common = (said) => ({
    color: palette(),
    animation: !still,
    animationDurationUpdate: 400,
    textStyle: words(),
    grid: { left: 8, right: 28, top: said.names.length > 1 ? 36 : 26, bottom: 4, containLabel: true },
    tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" }, confine: true },
    legend: { show: said.names.length > 1, top: 0, right: 0, textStyle: words(), itemWidth: 14, itemHeight: 9 },
  });

  const across = (said, stack) => ({
    xAxis: counting(),
    yAxis: { ...naming(said.labels), inverse: true, axisLabel: { ...words(), interval: 0 } },
    series: series("bar", said, () => ({ stack, label: stack ? { ...valueLabel("inside"), color: colour("--surface") } : valueLabel("right"), itemStyle: { borderRadius: stack ? 0 : [0, 3, 3, 0] } })),
  });

  const SHAPES = {
    bars: (said) => across(said, undefined),
    stacked: (said) => ({ ...across(said, "all"), color: [palette()[0], colour("--danger")] }),
    columns: (said) => ({ xAxis: naming(said.labels), yAxis: counting(), series: series("bar", said, () => ({ label: valueLabel("top"), itemStyle: { borderRadius: [3, 3, 0, 0] } })) }),
    lines: (said) => ({ xAxis: { ...naming(said.labels), boundaryGap: false }, yAxis: counting(), series: series("line", said, (at) => ({ symbolSize: 5, smooth: 0.25, areaStyle: at === 0 ? { opacity: 0.12 } : undefined })) }),
  };

  const empty = () => ({ title: { text: "还没有数据", left: "center", top: "middle", textStyle: { ...words(), fontWeight: "normal" } } });

  const draw = (element, said) => {
    const was = drawn.get(element);
    const now = JSON.stringify(said);
    if (was && was.said === now) return;
    const chart = was ? was.chart : window.echarts.init(element, null, { renderer: "canvas" });
    const nothing = !said.series.flat().some(Boolean);
    chart.setOption(nothing ? empty() : { ...common(said), ...SHAPES[said.shape](said) }, { notMerge: nothing || was?.nothing, replaceMerge: ["series"] });
    drawn.set(element, { chart, said: now, nothing });
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
  new ResizeObserver(() => drawn.forEach(({ chart }) => chart.resize())).observe(board);
  turn();
})();
