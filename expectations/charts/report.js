// Draws the charts of the report: a value over time in the band that was expected of it.
// The data is JSON in the page; colours are those of the page, so light and dark need no more code.
(function () {
  "use strict";
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const data = JSON.parse(document.getElementById("trends").textContent);
  const short = (value) => {
    if (value == null) return "–";
    const size = Math.abs(value);
    if (size >= 1e6) return (value / 1e6).toFixed(1) + "M";
    if (size >= 1e4) return (value / 1e3).toFixed(0) + "k";
    return size >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2);
  };
  const day = (seconds) => new Date(seconds * 1000).toISOString().slice(5, 10);

  function draw(box) {
    const chart = data[Number(box.dataset.chart)];
    box.textContent = "";
    const width = Math.max(160, box.clientWidth);
    const axis = { stroke: colour("--soft"), font: "11px system-ui", grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
    const banded = chart.low != null;
    const series = [{}];
    const columns = [chart.at];
    const bands = [];
    if (banded) {
      series.push({ stroke: "transparent", points: { show: false } }, { stroke: "transparent", points: { show: false } });
      columns.push(chart.low, chart.high);
      bands.push({ series: [2, 1], fill: colour("--band") });
    }
    chart.lines.forEach((line) => {
      series.push({ stroke: colour(line.colour), width: 2, points: { show: chart.at.length < 40, size: 5, fill: colour(line.colour) } });
      columns.push(line.values);
    });
    if (chart.bad) {
      series.push({ stroke: "transparent", points: { show: true, size: 9, fill: colour("--bad"), stroke: colour("--bad") } });
      columns.push(chart.bad);
    }
    const told = document.createElement("p");
    told.className = "told";
    const say = (at) => {
      const i = at == null ? chart.at.length - 1 : at;
      const band = banded && chart.high[i] != null ? ", expected " + short(chart.low[i]) + " to " + short(chart.high[i]) : "";
      told.textContent = day(chart.at[i]) + ": " + chart.lines.map((l) => (chart.lines.length > 1 ? l.name + " " : "") + short(l.values[i])).join(", ") + band;
    };
    new uPlot({
      width: width, height: 130, series: series, bands: bands,
      legend: { show: false }, cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { y: { range: (u, low, high) => [Math.min(0, low || 0), (high || 1) * 1.08] } },
      axes: [Object.assign({}, axis, { values: (u, ticks) => ticks.map(day), space: 55, size: 26 }),
             Object.assign({}, axis, { values: (u, ticks) => ticks.map(short), space: 30, size: 42 })],
      hooks: { setCursor: [(u) => say(u.cursor.idx)] },
    }, columns, box);
    say(null);
    box.appendChild(told);
  }

  const boxes = Array.from(document.querySelectorAll("[data-chart]"));
  const drawAll = () => boxes.forEach(draw);
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 150); });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
})();
