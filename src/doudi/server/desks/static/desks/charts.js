// Draws what `desks/charts.py` declares, with ECharts (static/desks/echarts). Pages write no script: each picture is data.
// Colours are the page's own (CSS variables), so dark mode is theirs too; a click goes where the bar's address leads.
"use strict";

(() => {
  const drawn = new Map(); // element → chart
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const FILLS = { basic: "basic", catastrophic: "catastrophic", supplement: "supplement", inclined: "supplement",
    assistance: "assistance", last_resort: "last-resort", other: "ink-3", hospital: "line-strong", patient: "paper",
    accent: "accent-2", before: "line-strong" };

  const style = (hue) => ({
    color: colour(FILLS[hue]), opacity: { inclined: 0.6, accent: 0.75 }[hue] ?? 1,
    ...(hue === "patient" ? { borderColor: colour("ink"), borderWidth: 1 } : {}),
  });

  // 1,284.5 万, 3.27 亿; in English k, m, bn. For axes: the exact figure is in the tip and in the table.
  function short(value, unit, language) {
    if (unit === "bp") { return `${+(value / 100).toFixed(1)} %`; }
    const amount = unit === "fen" ? value / 100 : value;
    const steps = language === "en" ? [[1e9, " bn"], [1e6, " m"], [1e3, " k"]] : [[1e8, " 亿"], [1e4, " 万"]];
    const [scale, name] = steps.find(([size]) => Math.abs(amount) >= size) ?? [1, ""];
    return `${+(amount / scale).toFixed(1)}${name}`;
  }
  function exact(value, unit) {
    if (value === null || value === undefined) { return "–"; }
    if (unit === "bp") { return `${(value / 100).toFixed(2)} %`; }
    if (unit === "count") { return value.toLocaleString("en-US"); }
    return (value / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  }

  function tip(data, place) {
    const bar = data.bars[place], box = document.createElement("div");
    box.className = "chart-tip";
    const head = box.appendChild(document.createElement("strong"));
    head.textContent = bar.note ? `${bar.label} · ${bar.note}` : bar.label;
    const list = box.appendChild(document.createElement("table"));
    for (const one of data.series) {
      const value = one.values[place];
      if (!value && data.series.length > 3) { continue; }
      const row = list.insertRow(), band = one.bands[place];
      row.insertCell().append(swatch(one.hue), one.name);
      const cell = row.insertCell();
      cell.className = "num";
      cell.textContent = exact(value, one.unit) + (band ? ` (${exact(band[0], one.unit)} – ${exact(band[1], one.unit)})` : "");
    }
    return box;
  }
  function swatch(hue) {
    const mark = document.createElement("i");
    mark.className = `swatch hue-${hue.replace("_", "-")}`;
    return mark;
  }

  // The three kinds of pictures as options of ECharts.
  function options(data, width) {
    const lying = data.kind !== "columns", text = colour("ink-2"), line = colour("line");
    const bars = data.series.filter((one) => !one.line), lines = data.series.filter((one) => one.line);
    const unit = bars[0].unit;
    const names = { type: "category", data: data.bars.map((bar) => bar.label), inverse: lying, triggerEvent: true,
      axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
      axisLabel: { color: text, width: lying ? Math.min(150, width * 0.34) : undefined, overflow: "truncate",
        hideOverlap: true, formatter: (name, place) => (data.bars[place].on ? `{on|${name}}` : faint(data, place) ? `{faint|${name}}` : name),
        rich: { on: { color: colour("accent"), fontWeight: 700 }, faint: { color: colour("ink-3"), fontStyle: "italic" } } } };
    const values = { type: "value", splitNumber: width < 420 ? 3 : 5, axisLabel: { color: text, hideOverlap: true,
      formatter: (value) => short(value, unit, data.language) }, splitLine: { lineStyle: { color: line } }, max: ceiling(data) };
    const second = { type: "value", min: 0, splitLine: { show: false }, axisLabel: { color: text,
      formatter: (value) => short(value, lines[0]?.unit, data.language) } };
    return {
      animation: !still.matches, animationDuration: 250, aria: { enabled: true, label: { description: data.told } },
      textStyle: { fontFamily: colour("sans"), color: text }, backgroundColor: "transparent",
      grid: { left: 4, right: lying ? 24 : 8, top: data.goal ? 24 : 12, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", axisPointer: { type: "shadow", shadowStyle: { color: colour("accent"), opacity: 0.08 } },
        confine: true, className: "chart-tip-box", backgroundColor: colour("paper"), borderColor: colour("line-strong"),
        textStyle: { color: colour("ink") }, padding: 8, formatter: (items) => tip(data, items[0].dataIndex) },
      xAxis: lying ? values : names,
      yAxis: lying ? names : lines.length ? [values, second] : values,
      series: data.kind === "intervals" ? points(data) : [...bars.map((one, place) => stacked(data, one, place)), ...lines.map(lineOf)],
    };
  }
  // What rests on too few bills to be compared is drawn, and looks it.
  const faint = (data, place) => data.kind === "intervals" && data.bars[place].note !== "";
  // Shares of a few per cent are not drawn against a hundred; the goal is always in the picture.
  function ceiling(data) {
    if (data.kind !== "intervals") { return undefined; }
    const ends = data.series[0].values.map((value, place) => data.series[0].bands[place]?.[1] ?? value ?? 0);
    return Math.min(10000, Math.ceil((Math.max(...ends, data.goal?.value ?? 0) + 1) / 1000) * 1000);
  }
  function goal(data) {
    return data.goal && { silent: true, symbol: "none", animation: false,
      lineStyle: { color: colour("red"), type: "dashed", width: 1.5 },
      label: { formatter: data.goal.name, color: colour("red"), position: "end", distance: 2 },
      data: [data.kind === "columns" ? { yAxis: data.goal.value } : { xAxis: data.goal.value }] };
  }
  function stacked(data, one, place) {
    return { type: "bar", name: one.name, stack: "all", barMaxWidth: 28, cursor: "pointer", itemStyle: style(one.hue),
      emphasis: { focus: "none" }, data: one.values.map((value) => value || null), markLine: place ? undefined : goal(data) };
  }
  function lineOf(one) {
    return { type: "line", name: one.name, yAxisIndex: 1, data: one.values, symbol: "circle", symbolSize: 6, connectNulls: false,
      itemStyle: { color: colour("ink") }, lineStyle: { color: colour("ink"), width: 1.5 } };
  }
  // A point with the range it may be off by: an invisible bar up to the range, the range as a pale bar, the point on it.
  function points(data) {
    const one = data.series[0], bands = one.bands;
    const bar = (values, look) => ({ type: "bar", stack: "band", barWidth: 10, silent: true, itemStyle: look, data: values });
    return [
      bar(bands.map((band) => band?.[0] ?? 0), { color: "transparent" }),
      bar(bands.map((band) => (band ? band[1] - band[0] : 0)), { color: colour("accent-2"), opacity: 0.35, borderRadius: 5 }),
      { type: "scatter", name: one.name, symbolSize: 10, cursor: "pointer",
        data: one.values.map((value, place) => ({ value, itemStyle: { opacity: faint(data, place) ? 0.4 : 1 } })),
        itemStyle: { color: colour("accent"), borderColor: colour("paper"), borderWidth: 1 }, markLine: goal(data) },
    ];
  }

  function draw(element) {
    const data = JSON.parse(document.getElementById(element.dataset.chart).textContent);
    const lying = data.kind !== "columns";
    element.style.height = `${lying ? Math.max(120, data.bars.length * 28 + 52) : 260}px`;
    if (!drawn.has(element)) { element.replaceChildren(); }
    const chart = drawn.get(element) ?? window.echarts.init(element, null, { renderer: "canvas" });
    if (!drawn.has(element)) {
      drawn.set(element, chart);
      chart.getZr().on("click", (event) => go(chart, data, [event.offsetX, event.offsetY], lying));
      chart.on("click", (event) => { if (event.componentType.endsWith("Axis")) { leave(data.bars[event.dataIndex]); } });
      new ResizeObserver(() => { chart.resize(); }).observe(element);
    }
    element.setAttribute("aria-label", data.told);
    chart.setOption(options(data, element.clientWidth), true);
  }
  // Anywhere in a bar's lane counts as the bar: small bars can be hit too.
  function go(chart, data, point, lying) {
    if (!chart.containPixel({ gridIndex: 0 }, point)) { return; }
    const place = Math.round(chart.convertFromPixel({ gridIndex: 0 }, point)[lying ? 1 : 0]);
    leave(data.bars[place]);
  }
  function leave(bar) { if (bar?.address) { window.location.assign(bar.address); } }

  function all(root) { for (const element of root.querySelectorAll("[data-chart]")) { draw(element); } }
  document.addEventListener("DOMContentLoaded", () => all(document));
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => all(document));
  window.doudiCharts = { at: (element) => drawn.get(element) };

  // What asks again by itself rests while nobody looks at it: hidden, or ten minutes untouched. So a page that is left open
  // does not keep its session alive.
  const REST = 10 * 60 * 1000;
  let touched = Date.now();
  for (const sign of ["pointerdown", "pointermove", "keydown", "scroll"]) {
    document.addEventListener(sign, () => { touched = Date.now(); }, { passive: true });
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const rests = document.hidden || Date.now() - touched > REST;
    if (rests && event.target.closest("[data-live]")) { event.preventDefault(); }
  });
})();
