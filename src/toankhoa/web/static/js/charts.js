// Draws every [data-chart] from the JSON script it names: {kind, unit, labels, series: [{name, points, dashed}]}.
(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 1 });
  const said = (value, unit) => (value === null || value === undefined ? "chưa có" : number.format(value) + (unit === "%" ? "%" : unit ? ` ${unit}` : ""));

  function options(data) {
    const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink-2"), fontSize: 12 };
    const tones = [colour("accent"), colour("open"), colour("met"), colour("not-met")];
    return {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      textStyle: text,
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 16, bottom: 4, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, left: 0, textStyle: text, itemWidth: 18 } : undefined,
      // richText draws on the canvas: an HTML tooltip needs inline styles, which the page's policy forbids.
      tooltip: {
        trigger: "axis",
        renderMode: "richText",
        backgroundColor: colour("raised"),
        borderColor: colour("line"),
        textStyle: { ...text, color: colour("ink") },
        formatter: (points) => [points[0].axisValue, ...points.map((p) => `${p.seriesName}: ${said(p.value, data.unit)}`)].join("\n"),
      },
      xAxis: { type: "category", data: data.labels, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line-strong") } } },
      yAxis: { type: "value", min: data.unit === "%" ? 0 : undefined, axisLabel: { ...text, formatter: (v) => number.format(v) }, splitLine: { lineStyle: { color: colour("line") } } },
      series: data.series.map((series, place) => ({
        name: series.name,
        type: series.dashed ? "line" : data.kind,
        data: series.points,
        step: series.dashed ? "middle" : undefined,
        color: tones[place],
        symbolSize: 7,
        barMaxWidth: 34,
        connectNulls: false,
        lineStyle: { width: 2, type: series.dashed ? "dashed" : "solid" },
        itemStyle: { borderRadius: [4, 4, 0, 0] },
      })),
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
