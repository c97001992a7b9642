// Draws a figure of points that was laid out (`ScatterLayout`) with Chart.js, as `figure-chart.js` does bars. Plain
// JavaScript, because a browser reads it as it is; types are beside it.
import { drawBand, drawCut, line, write } from './figure-chart.js';

/** Corners of the marks, by shape; the first is a circle. With six colours no two of thirty systems are alike. */
const SHAPES = [
  [],
  [
    [-4.5, -4.5],
    [4.5, -4.5],
    [4.5, 4.5],
    [-4.5, 4.5],
  ],
  [
    [0, -6],
    [5.5, 4],
    [-5.5, 4],
  ],
  [
    [0, 6],
    [5.5, -4],
    [-5.5, -4],
  ],
  [
    [-2, -5.5],
    [2, -5.5],
    [2, -2],
    [5.5, -2],
    [5.5, 2],
    [2, 2],
    [2, 5.5],
    [-2, 5.5],
    [-2, 2],
    [-5.5, 2],
    [-5.5, -2],
    [-2, -2],
  ],
];
const DIAMOND_SHAPE = [
  [0, -5],
  [5, 0],
  [0, 5],
  [-5, 0],
];

/** Corners of a shape around its middle; none of a circle. */
export function cornersOf(series) {
  return series === null ? DIAMOND_SHAPE : SHAPES[series % SHAPES.length];
}

/** The configuration of Chart.js for a figure of points. */
export function scatterChartOf(layout, palette, { details, pixelRatio } = {}) {
  const { plot } = layout;
  const perX = (layout.x.domain.max - layout.x.domain.min) / (plot.right - plot.left);
  const perY = (layout.y.domain.max - layout.y.domain.min) / (plot.bottom - plot.top);
  const common = { type: 'linear', display: false, bounds: 'data', offset: false };
  return {
    type: 'scatterWithErrorBars',
    data: {
      datasets: layout.points.map((point) => ({
        label: point.label.text,
        point,
        series: point.series,
        data: [pointData(point, layout, perX, perY)],
        xAxisID: 'x',
        yAxisID: 'y',
        pointRadius: 0,
        pointBackgroundColor: 'transparent',
        pointBorderColor: 'transparent',
        pointHitRadius: 9,
        clip: false,
        errorBarLineWidth: { v: [1.5, 4] },
        errorBarWhiskerLineWidth: { v: [1.5, 4] },
        errorBarColor: { v: [pointColour(point, palette), palette.page] },
        errorBarWhiskerColor: { v: [pointColour(point, palette), palette.page] },
        errorBarWhiskerRatio: { v: [0, 0] },
        errorBarWhiskerSize: { v: [8, 8] },
      })),
    },
    options: {
      responsive: false,
      animation: false,
      ...(pixelRatio === undefined ? {} : { devicePixelRatio: pixelRatio }),
      layout: { padding: 0, autoPadding: false },
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: {
          ...common,
          axis: 'x',
          min: layout.x.domain.min - plot.left * perX,
          max: layout.x.domain.max + (layout.width - plot.right) * perX,
        },
        y: {
          ...common,
          axis: 'y',
          min: layout.y.domain.min - (layout.height - plot.bottom) * perY,
          max: layout.y.domain.max + plot.top * perY,
        },
      },
      plugins: {
        legend: { display: false },
        title: { display: false },
        tooltip: {
          enabled: details !== undefined,
          displayColors: false,
          callbacks: { title: () => '', label: ({ dataset }) => dataset.point.tip },
        },
        scatter: { layout, palette },
      },
    },
  };
}

/** Numbers of a point; of one in a lane those that its pixels have. */
function pointData({ x, y, value, across, up, isBand }, { plot, x: xAxis, y: yAxis }, perX, perY) {
  const data = {
    x: value.x ?? xAxis.domain.min + (x - plot.left) * perX,
    y: value.y ?? yAxis.domain.min + (plot.bottom - y) * perY,
  };
  if (across !== null && !isBand.x)
    Object.assign(data, { xMin: [across.low, across.low], xMax: [across.high, across.high] });
  if (up !== null && !isBand.y) Object.assign(data, { yMin: [up.low, up.low], yMax: [up.high, up.high] });
  return data;
}

function pointColour({ series }, palette) {
  return series === null ? palette.soft : palette.series[series % palette.series.length];
}

/** Hides or shows a system. */
export function setPoint(chart, series, visible) {
  chart.data.datasets.forEach((dataset, index) => {
    if (dataset.series === series) chart.setDatasetVisibility(index, visible);
  });
  chart.update('none');
}

/** Draws in other colours. */
export function setScatterPalette(chart, palette) {
  chart.config.options.plugins.scatter.palette = palette;
  for (const dataset of chart.data.datasets) {
    dataset.errorBarColor = { v: [pointColour(dataset.point, palette), palette.page] };
    dataset.errorBarWhiskerColor = dataset.errorBarColor;
  }
  chart.update('none');
}

/** Registers what a figure of points needs with Chart.js. */
export function registerScatter(Chart) {
  Chart.register(scatterPlugin);
}

const scatterPlugin = {
  id: 'scatter',
  beforeDatasetsDraw(chart) {
    if (chart.config.options.plugins.scatter === undefined) return;
    const { ctx } = chart;
    const { layout, palette } = chart.config.options.plugins.scatter;
    ctx.save();
    ctx.fillStyle = palette.page;
    ctx.fillRect(0, 0, layout.width, layout.height);
    drawAxes(ctx, layout, palette);
    for (const { point } of shownPoints(chart)) drawLeader(ctx, point, palette);
    ctx.restore();
  },
  afterDatasetsDraw(chart) {
    if (chart.config.options.plugins.scatter === undefined) return;
    const { ctx } = chart;
    const { palette } = chart.config.options.plugins.scatter;
    ctx.save();
    for (const { point, element } of shownPoints(chart)) {
      drawSegments(ctx, point, palette);
      if (!point.isBand.x && !point.isBand.y) drawMark(ctx, element.x, element.y, point.series, palette);
      write(ctx, point.label.text, point.label.x, point.label.y, { size: 13, colour: palette.ink });
    }
    ctx.restore();
  },
};

/** The points that are shown, as Chart.js placed them. */
function shownPoints(chart) {
  return chart.data.datasets.flatMap(({ point }, index) =>
    chart.isDatasetVisible(index) ? [{ point, element: chart.getDatasetMeta(index).data[0] }] : [],
  );
}

function drawAxes(ctx, layout, palette) {
  const { plot, x, y, below, beside } = layout;
  for (const { at, label } of x.ticks) {
    line(ctx, palette.line, 1, at, plot.top, at, plot.foot);
    write(ctx, label, at, plot.foot + 14, { size: 12, colour: palette.soft, align: 'center' });
  }
  for (const { at, label } of y.ticks) {
    line(ctx, palette.line, 1, plot.left, at, plot.right, at);
    write(ctx, label, plot.left - 8, at, { size: 12, colour: palette.soft, align: 'right' });
  }
  line(ctx, palette.ink, 1.5, x.rule.at, plot.top, x.rule.at, plot.foot);
  line(ctx, palette.ink, 1.5, plot.left, y.rule.at, plot.right, y.rule.at);
  write(ctx, x.rule.label, x.rule.at - 6, plot.bottom - 9, {
    size: 12,
    colour: palette.ink,
    halo: palette.page,
    align: 'right',
  });
  write(ctx, y.rule.label, plot.left + 6, y.rule.at - 9, { size: 12, colour: palette.ink, halo: palette.page });
  write(ctx, y.axis, 0, 9, { size: 12, colour: palette.soft });
  write(ctx, x.axis, plot.left, layout.height - 10, { size: 12, colour: palette.soft });
  if (below !== null) {
    line(ctx, palette.soft, 1, plot.left, below.y - 6, plot.right, below.y - 6);
    write(ctx, below.text, plot.left + 6, below.y + 9, { size: 12, colour: palette.soft, halo: palette.page });
  }
  if (beside !== null) {
    line(ctx, palette.soft, 1, beside.x - 6, plot.top, beside.x - 6, plot.bottom);
    write(ctx, beside.text, beside.x - 6, plot.top - 10, { size: 12, colour: palette.soft, halo: palette.page });
  }
}

/** From a point to its label; one in a lane below is at the height of its label. */
function drawLeader(ctx, { x, y, label, value }, palette) {
  if (value.y === null) return;
  line(ctx, palette.line, 1, x + 7, y, label.x - 16, label.y);
  line(ctx, palette.line, 1, label.x - 16, label.y, label.x - 5, label.y);
}

function drawSegments(ctx, { x, y, across, up, isBand }, palette) {
  if (across !== null && isBand.x) drawBand(ctx, across.from, across.to, y, palette);
  if (across?.cutHigh === true) drawCut(ctx, across.to, y, palette);
  if (across?.cutLow === true) drawCut(ctx, across.from + 12, y, palette);
  if (up !== null && isBand.y) {
    line(ctx, palette.soft, 1.75, x, up.from, x, up.to);
    for (const end of [up.from, up.to]) line(ctx, palette.soft, 1.75, x - 5, end, x + 5, end);
  }
}

function drawMark(ctx, x, y, series, palette) {
  const corners = cornersOf(series);
  ctx.beginPath();
  if (corners.length === 0) ctx.arc(x, y, 5, 0, 2 * Math.PI);
  for (const [index, [dx, dy]] of corners.entries()) ctx[index === 0 ? 'moveTo' : 'lineTo'](x + dx, y + dy);
  ctx.closePath();
  ctx.fillStyle = series === null ? palette.page : pointColour({ series }, palette);
  ctx.strokeStyle = series === null ? palette.soft : palette.page;
  ctx.lineWidth = series === null ? 1.75 : 1;
  ctx.fill();
  ctx.stroke();
}
