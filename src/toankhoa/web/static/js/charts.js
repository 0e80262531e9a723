// Draws every [data-chart] from the JSON script it names: {kind, unit, labels, series: [{name, points, dashed}],
// gaps}: what is said of each year in which the first series has no figure.
// A typed 0 is a thin bar with its label; a missing figure is a gap that says so. Nothing moves: prints are complete.
(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });
  const MISSING = "chưa có";
  const short = (value, unit) => number.format(value) + (unit === "%" ? "%" : "");
  const said = (value, unit, gap) => (value === null || value === undefined ? gap || MISSING : short(value, unit) + (unit && unit !== "%" ? ` ${unit}` : ""));

  // Words at the foot of the years in which the first series has no figure.
  const gaps = (data, text) => ({
    type: "scatter",
    data: data.series[0].points.map((point) => (point === null ? 0 : "-")),
    symbolSize: 0,
    silent: true,
    tooltip: { show: false },
    label: { show: true, position: "top", formatter: (p) => data.gaps?.[p.dataIndex] || MISSING, ...text },
  });

  // A figure stands in the foot of its bar, clear of the line of the plan; above a bar too low to hold it.
  const most = (data) => Math.max(...data.series.flatMap((series) => series.points));
  const labelled = (point, data, text) => {
    const low = !point || point < most(data) / 6;
    return { value: point, label: { position: low ? "top" : "insideBottom", ...text, color: colour(low ? "ink" : "on-accent") } };
  };

  const drawn = (series, data, tone, text) => ({
    name: series.name,
    type: series.dashed ? "line" : data.kind,
    data: series.dashed ? series.points : series.points.map((point) => labelled(point, data, text)),
    step: series.dashed ? "middle" : undefined,
    color: tone,
    symbolSize: 7,
    barMaxWidth: 46,
    barMinHeight: 2,
    connectNulls: false,
    label: { show: !series.dashed, formatter: (p) => (p.value === null ? "" : short(p.value, data.unit)) },
    lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
    itemStyle: { borderRadius: [4, 4, 0, 0] },
  });

  function options(data) {
    const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink-2"), fontSize: 11 };
    const tones = [colour("accent"), colour("open"), colour("met"), colour("not-met")];
    return {
      animation: false,
      textStyle: text,
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 48 : 24, bottom: 4, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, left: 0, data: data.series.map((series) => series.name), textStyle: text, itemWidth: 18 } : undefined,
      // richText draws on the canvas: an HTML tooltip needs inline styles, which the page's policy forbids.
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        backgroundColor: colour("raised"),
        borderColor: colour("line"),
        textStyle: { ...text, color: colour("ink") },
        formatter: (points) => [points[0].axisValue, ...points.filter((p) => p.seriesType !== "scatter").map((p) => `${p.seriesName}: ${said(p.value, data.unit, p.seriesIndex ? "" : data.gaps?.[p.dataIndex])}`)].join("\n"),
      },
      xAxis: { type: "category", data: data.labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line-strong") } } },
      yAxis: { type: "value", min: 0, minInterval: data.unit === "%" ? undefined : 1, axisLabel: { ...text, formatter: (v) => short(v, data.unit) }, splitLine: { lineStyle: { color: colour("line") } } },
      series: [...data.series.map((series, place) => drawn(series, data, tones[place], text)), gaps(data, text)],
    };
  }

  const charts = [...document.querySelectorAll("[data-chart]")].map((box) => {
    const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
    return [window.echarts.init(box, null, { renderer: "svg" }), data];
  });
  const draw = () => charts.forEach(([chart, data]) => chart.setOption(options(data), true));
  draw();
  document.addEventListener("theme", () => requestAnimationFrame(draw));
  addEventListener("resize", () => charts.forEach(([chart]) => chart.resize()));
})();
