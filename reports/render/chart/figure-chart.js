// Draws a figure that was laid out (`FigureLayout`) with Chart.js: in the page of `bench report --interactive`, where this
// file is inlined, and in Node, for PNG and PDF. Chart.js computes where bars and whiskers are; the plugin at the end draws
// what it has no element for. Plain JavaScript without imports, because a browser reads it as it is; types are beside it.

const FAMILY = '"IBM Plex Sans", system-ui, sans-serif';
const TICK_ROOM = 58;
const DIGIT = 6.5;

/** Round numbers of an axis, at most as many as have room: multiples of 1, 2 or 5 times a power of ten. */
export function ticksOf({ min, max, room, divisor, log }) {
  const most = Math.max(2, Math.floor(room / TICK_ROOM));
  const label = (value) => String(Number((value / divisor).toPrecision(6))).replace('-', '−');
  const values = log ? logTicks(min / divisor, max / divisor, most) : linearTicks(min / divisor, max / divisor, most);
  return values.map((value) => ({ value: value * divisor, label: label(value * divisor) }));
}

function linearTicks(min, max, most) {
  const rough = (max - min) / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil((min / step) * (1 + Math.sign(min) * -1e-9));
  const last = Math.floor((max / step) * (1 + Math.sign(max) * 1e-9));
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

function logTicks(min, max, most) {
  const from = Math.floor(Math.log10(min));
  const powers = Array.from({ length: Math.ceil(Math.log10(max)) - from + 1 }, (_, index) => from + index);
  for (const factors of [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]]) {
    const all = powers.flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)));
    const inside = all.filter((value) => value >= min * 0.999999 && value <= max * 1.000001);
    if (inside.length <= most) return inside.length >= 2 ? inside : [min, max];
  }
  return [min, max];
}

/** What each panel shows when nothing was zoomed. */
export function defaultViews(layout) {
  return layout.panels.map(({ domain }) => ({ min: domain.min, max: domain.max, log: false }));
}

/**
 * The scale of a panel. It spans the whole drawing, so that the panel's own numbers are at the panel's own pixels: several
 * panels share one chart.
 */
export function scaleOf(layout, panel, { min, max, log }) {
  const span = panel.domain.end - panel.left;
  const common = { axis: 'x', display: false, bounds: 'data', offset: false, beginAtZero: false };
  if (log) {
    const perPixel = Math.log(max / min) / span;
    return {
      ...common,
      type: 'logarithmic',
      min: Math.exp(Math.log(min) - panel.left * perPixel),
      max: Math.exp(Math.log(max) + (layout.width - panel.domain.end) * perPixel),
    };
  }
  const perPixel = (max - min) / span;
  return {
    ...common,
    type: 'linear',
    min: min - panel.left * perPixel,
    max: max + (layout.width - panel.domain.end) * perPixel,
  };
}

/** One dataset a panel and series. Vertical coordinates are pixels of the layout. */
function datasetsOf(layout, palette) {
  return layout.panels.flatMap((panel, panelIndex) =>
    [...new Set(panel.bars.map(({ series }) => series))].map((series) => {
      const bars = panel.bars.filter((bar) => bar.series === series);
      return {
        type: 'barWithErrorBars',
        label: layout.series[series] ?? '',
        panel: panelIndex,
        series,
        bars,
        data: bars.map(dataOf),
        xAxisID: `x${panelIndex}`,
        yAxisID: 'y',
        grouped: false,
        barThickness: layout.bar,
        inflateAmount: 0,
        minBarLength: 0,
        // The plugin fills them, below the lines of the rules; the error bars of Chart.js are above these.
        backgroundColor: 'transparent',
        borderWidth: 0,
        clip: { left: -panel.left, right: panel.left + panel.width - layout.width, top: 0, bottom: 0 },
        errorBarLineWidth: { v: [1.5, 4] },
        errorBarWhiskerLineWidth: { v: [1.5, 4] },
        errorBarColor: { v: [palette.ink, palette.page] },
        errorBarWhiskerColor: { v: [palette.ink, palette.page] },
        errorBarWhiskerRatio: { v: [0, 0] },
        errorBarWhiskerSize: { v: [8, 8] },
      };
    }),
  );
}

function dataOf({ shown, y, interval }) {
  if (interval === null) return { x: shown, y };
  // Twice: a wide line in the colour of the page keeps the thin one visible on any pattern.
  return { x: shown, y, xMin: [interval.low, interval.low], xMax: [interval.high, interval.high] };
}

/** The configuration of Chart.js for a figure. `details` are lines for the bar under the pointer, by panel and bar. */
export function chartOf(layout, palette, { details, pixelRatio } = {}) {
  const views = defaultViews(layout);
  const scales = layout.panels.map((panel, index) => [`x${index}`, scaleOf(layout, panel, views[index])]);
  return {
    type: 'barWithErrorBars',
    data: { datasets: datasetsOf(layout, palette) },
    options: {
      indexAxis: 'y',
      responsive: false,
      animation: false,
      ...(pixelRatio === undefined ? {} : { devicePixelRatio: pixelRatio }),
      layout: { padding: 0, autoPadding: false },
      interaction: { mode: 'lane', intersect: false },
      scales: {
        ...Object.fromEntries(scales),
        y: {
          ...{ axis: 'y', type: 'linear', display: false, bounds: 'data', offset: false },
          ...{ reverse: true, min: 0, max: layout.height },
        },
      },
      plugins: {
        legend: { display: false },
        title: { display: false },
        tooltip: {
          enabled: details !== undefined,
          displayColors: false,
          titleFont: { family: FAMILY },
          bodyFont: { family: FAMILY },
          callbacks: {
            title: ([item]) => (item === undefined ? '' : layout.groups[item.dataset.bars[item.dataIndex].group]),
            label: ({ dataset, dataIndex }) => {
              const bar = dataset.bars[dataIndex];
              return [bar.tip, ...(details?.[dataset.panel]?.[layout.panels[dataset.panel].bars.indexOf(bar)] ?? [])];
            },
          },
        },
        figure: { layout, palette, views, hiddenGroups: [], hiddenSeries: [] },
      },
    },
  };
}

/** Registers what a figure needs with Chart.js: the bar in whose lane and panel the pointer is, and the drawing. */
export function registerFigures(Chart) {
  Chart.register(figurePlugin);
  const modes = (Chart.Interaction ?? Chart.helpers?.Interaction)?.modes;
  if (modes !== undefined) modes.lane = laneMode;
}

function laneMode(chart, event) {
  return chart.getSortedVisibleDatasetMetas().flatMap((meta) => {
    const panel = chart.options.plugins.figure.layout.panels[chart.data.datasets[meta.index].panel];
    if (event.x < panel.left || event.x > panel.left + panel.width) return [];
    return meta.data.flatMap((element, index) =>
      Number.isNaN(element.x) || Math.abs(element.y - event.y) > 9
        ? []
        : [{ element, datasetIndex: meta.index, index }],
    );
  });
}

/** Shows other numbers in a panel, or the same on a logarithmic axis. */
export function setView(chart, index, view) {
  const { layout, views } = chart.config.options.plugins.figure;
  views[index] = view;
  chart.config.options.scales[`x${index}`] = scaleOf(layout, layout.panels[index], view);
  chart.update('none');
}

/** Hides or shows a series: its bars, and the words where it has none. */
export function setSeries(chart, series, visible) {
  const own = chart.config.options.plugins.figure;
  own.hiddenSeries = own.hiddenSeries.filter((one) => one !== series);
  if (!visible) own.hiddenSeries.push(series);
  chart.data.datasets.forEach((dataset, index) => {
    if (dataset.series === series) chart.setDatasetVisibility(index, visible);
  });
  chart.update('none');
}

/** Draws in other colours: those of a dark page. */
export function setPalette(chart, palette) {
  chart.config.options.plugins.figure.palette = palette;
  for (const dataset of chart.data.datasets) {
    dataset.errorBarColor = { v: [palette.ink, palette.page] };
    dataset.errorBarWhiskerColor = { v: [palette.ink, palette.page] };
  }
  chart.update('none');
}

/** Marks what the pointer selects in a panel, in pixels; undefined for nothing. */
export function setSelection(chart, selection) {
  chart.config.options.plugins.figure.selection = selection;
  chart.draw();
}

/** Hides or shows the bars of a group. */
export function setGroup(chart, group, visible) {
  const own = chart.config.options.plugins.figure;
  own.hiddenGroups = own.hiddenGroups.filter((one) => one !== group);
  if (!visible) own.hiddenGroups.push(group);
  for (const dataset of chart.data.datasets) {
    dataset.data = dataset.bars.map((bar) =>
      own.hiddenGroups.includes(bar.group) ? { x: NaN, y: bar.y } : dataOf(bar),
    );
  }
  chart.update('none');
}

const figurePlugin = {
  id: 'figure',
  beforeDatasetsDraw(chart) {
    if (chart.config.options.plugins.figure === undefined) return;
    const { ctx } = chart;
    const { layout, palette, views } = chart.config.options.plugins.figure;
    ctx.save();
    ctx.fillStyle = palette.page;
    ctx.fillRect(0, 0, layout.width, layout.height);
    for (const key of layout.legend) drawKey(ctx, key, layout.bar, palette);
    for (const { text, y, end } of layout.labels) {
      line(ctx, palette.faint, 1, 0, end, layout.width, end);
      write(ctx, text, 0, y, { size: 13, weight: layout.headings ? 600 : 400, colour: palette.ink });
    }
    drawNames(ctx, chart.config.options.plugins.figure);
    layout.panels.forEach((panel, index) => {
      drawFrame(chart, panel, index, views[index]);
      within(ctx, panel, () => {
        for (const { element, bar } of barsOf(chart, index)) fillBar(ctx, element, bar.series, layout.bar, palette);
      });
      for (const { value, label } of panel.rules) {
        const x = chart.scales[`x${index}`].getPixelForValue(value);
        if (!isInside(panel, x)) continue;
        line(ctx, palette.ink, 1.5, x, panel.top - 8, x, panel.bottom);
        write(ctx, label, x, panel.top - 16, { size: 12, colour: palette.ink, align: 'center' });
      }
    });
    ctx.restore();
  },
  afterDatasetsDraw(chart) {
    if (chart.config.options.plugins.figure === undefined) return;
    const { ctx } = chart;
    const { layout, palette, views, hiddenSeries, selection } = chart.config.options.plugins.figure;
    ctx.save();
    layout.panels.forEach((panel, index) => {
      for (const { element, bar } of barsOf(chart, index)) {
        const reach = Math.max(element.base, element.x, ...(element.xMax ?? []));
        const beyond = Math.min(reach, panel.domain.end);
        const zoomed = views[index].max < panel.domain.max && reach > panel.domain.end + 0.5;
        if (bar.interval?.cut === true || bar.cut || zoomed) drawCut(ctx, beyond, element.y, palette);
        const x = Math.min(Math.max(beyond, panel.left) + 5, layout.width - (bar.number.length + 1) * DIGIT);
        write(ctx, bar.number, x, element.y, { size: 12, colour: palette.ink, halo: palette.page });
      }
      for (const mark of panel.stated) drawStated(chart, panel, index, mark);
      for (const note of panel.notes) {
        if (hiddenSeries.includes(note.series)) continue;
        const isColumn = note.kind === 'words';
        write(ctx, note.text, isColumn ? note.x : noteX(chart, panel, index, note), note.y, {
          size: 12,
          colour: isColumn ? palette.ink : palette.soft,
          halo: palette.page,
        });
      }
    });
    if (selection !== undefined) {
      ctx.globalAlpha = 0.15;
      ctx.fillStyle = palette.ink;
      const { top, bottom } = layout.panels[selection.panel];
      ctx.fillRect(Math.min(selection.from, selection.to), top, Math.abs(selection.to - selection.from), bottom - top);
    }
    ctx.restore();
  },
};

/** Names of lanes, and the head of the column of what the paper states. */
function drawNames(ctx, { layout, palette, hiddenSeries }) {
  for (const { series, text, y } of layout.names) {
    if (series !== null && hiddenSeries.includes(series)) continue;
    write(ctx, text, 0, y, { size: series === null ? 12 : 13, colour: series === null ? palette.soft : palette.ink });
  }
  if (layout.words === null) return;
  const { x, y, text, from, to } = layout.words;
  line(ctx, palette.line, 1, x - 9, from, x - 9, to);
  write(ctx, text, x, y, { size: 13, weight: 600, colour: palette.ink });
}

/** The bars of a panel that are shown, as Chart.js placed them. */
function barsOf(chart, panel) {
  return chart.data.datasets.flatMap((dataset, index) =>
    dataset.panel !== panel || !chart.isDatasetVisible(index)
      ? []
      : chart
          .getDatasetMeta(index)
          .data.map((element, at) => ({ element, bar: dataset.bars[at] }))
          .filter(({ element }) => !Number.isNaN(element.x)),
  );
}

/** Words beside a mark move with it. */
function noteX(chart, panel, index, { x, y }) {
  const mark = panel.stated.find((stated) => stated.y === y);
  if (mark === undefined) return x;
  const moved = x + chart.scales[`x${index}`].getPixelForValue(mark.high) - mark.to;
  return Math.max(panel.left + 5, Math.min(panel.left + panel.width * 0.7, moved));
}

function drawFrame(chart, panel, index, view) {
  const { ctx } = chart;
  const { palette } = chart.config.options.plugins.figure;
  const scale = chart.scales[`x${index}`];
  if (panel.title !== null) {
    write(ctx, panel.title, panel.left, panel.top - 35, { size: 13, weight: 600, colour: palette.ink });
  }
  const room = panel.domain.end - panel.left;
  for (const { value, label } of ticksOf({ ...view, room, divisor: panel.divisor })) {
    const x = scale.getPixelForValue(value);
    if (!isInside(panel, x)) continue;
    line(ctx, palette.line, 1, x, panel.top - 6, x, panel.bottom);
    write(ctx, label, x, panel.bottom + 14, { size: 12, colour: palette.soft, align: 'center' });
  }
  const zero = scale.getPixelForValue(0);
  if (!view.log && view.min < 0 && isInside(panel, zero)) {
    line(ctx, palette.ink, 1.5, zero, panel.top - 6, zero, panel.bottom);
  }
  write(ctx, panel.axis, panel.left, panel.bottom + 36, { size: 12, colour: palette.soft });
}

function isInside(panel, x) {
  return x >= panel.left - 0.5 && x <= panel.left + panel.width + 0.5;
}

function within(ctx, panel, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(panel.left - 1, panel.top - 10, panel.width + 1, panel.bottom - panel.top + 20);
  ctx.clip();
  draw();
  ctx.restore();
}

/** The hatchings of `patterns.ts`, as lines inside the bar: they stay sharp at any size. */
const HATCHINGS = ['plain', 'rising', 'falling', 'horizontal', 'vertical', 'crossed'];

function fillBar(ctx, element, series, thickness, palette) {
  const colours = palette.series.length;
  const colour = palette.series[series % colours];
  const hatching = HATCHINGS[(series + Math.floor(series / colours)) % HATCHINGS.length];
  const [x, y] = [Math.min(element.base, element.x), element.y - thickness / 2];
  const width = Math.abs(element.x - element.base);
  ctx.save();
  ctx.fillStyle = colour;
  ctx.globalAlpha = hatching === 'plain' ? 1 : 0.22;
  ctx.fillRect(x, y, width, thickness);
  ctx.globalAlpha = 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, thickness);
  ctx.clip();
  hatch(ctx, hatching, colour, x, y, width, thickness);
  ctx.restore();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.strokeRect(x, y, width, thickness);
  ctx.restore();
}

function hatch(ctx, hatching, colour, x, y, width, height) {
  if (hatching === 'plain') return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.6;
  ctx.beginPath();
  const right = Math.min(x + width, 1e5);
  // Lines are at multiples of 8 of the drawing, as the tiles of SVG patterns are.
  const start = (at) => Math.floor(at / 8) * 8;
  if (hatching === 'rising' || hatching === 'crossed') {
    for (let at = start(x + y); at < right + y + height + 8; at += 8) path(ctx, at - y, y, at - y - height, y + height);
  }
  if (hatching === 'falling' || hatching === 'crossed') {
    for (let at = start(x - y - height); at < right - y + 8; at += 8) path(ctx, at + y, y, at + y + height, y + height);
  }
  if (hatching === 'horizontal') {
    for (let at = start(y) + 2; at < y + height; at += 4) path(ctx, x, at, right, at);
  }
  if (hatching === 'vertical') {
    for (let at = start(x) + 2; at < right; at += 4) path(ctx, at, y, at, y + height);
  }
  ctx.stroke();
}

function path(ctx, x1, y1, x2, y2) {
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
}

export function line(ctx, colour, width, x1, y1, x2, y2) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.beginPath();
  path(ctx, x1, y1, x2, y2);
  ctx.stroke();
}

function drawKey(ctx, { series, label, x, y }, thickness, palette) {
  if (series === null) drawDiamond(ctx, x + 11, y, palette);
  else fillBar(ctx, { base: x + 1, x: x + 22, y }, series, thickness, palette);
  write(ctx, label, x + 28, y, { size: 13, colour: palette.ink });
}

/** Two strokes at the end of an interval that goes on beyond the axis. */
export function drawCut(ctx, end, y, palette) {
  for (const [colour, width] of [
    [palette.page, 4],
    [palette.ink, 1.5],
  ]) {
    line(ctx, colour, width, end - 10, y + 5, end - 6, y - 5);
    line(ctx, colour, width, end - 6, y + 5, end - 2, y - 5);
  }
}

function drawDiamond(ctx, x, y, palette) {
  ctx.strokeStyle = palette.soft;
  ctx.fillStyle = palette.page;
  ctx.lineWidth = 1.75;
  ctx.beginPath();
  ctx.moveTo(x, y - 5);
  ctx.lineTo(x + 5, y);
  ctx.lineTo(x, y + 5);
  ctx.lineTo(x - 5, y);
  ctx.closePath();
  ctx.fill();
  ctx.stroke();
}

function drawStated(chart, panel, index, { y, low, high }) {
  const { ctx } = chart;
  const { palette } = chart.config.options.plugins.figure;
  const scale = chart.scales[`x${index}`];
  const [from, to] = [scale.getPixelForValue(low), scale.getPixelForValue(high)];
  if (!isInside(panel, from) && !isInside(panel, to)) return;
  if (low === high) {
    drawDiamond(ctx, from, y, palette);
    return;
  }
  drawBand(ctx, from, to, y, palette);
}

/** A range that is stated. */
export function drawBand(ctx, from, to, y, palette) {
  ctx.strokeStyle = palette.soft;
  ctx.lineWidth = 1.75;
  ctx.beginPath();
  path(ctx, from, y, to, y);
  path(ctx, from, y - 5, from, y + 5);
  path(ctx, to, y - 5, to, y + 5);
  ctx.stroke();
}

export function write(ctx, text, x, y, { size, colour, halo, weight = 400, align = 'left' }) {
  ctx.font = `${weight} ${size}px ${FAMILY}`;
  ctx.textAlign = align;
  ctx.textBaseline = 'middle';
  if (halo !== undefined) {
    ctx.strokeStyle = halo;
    ctx.lineWidth = 4;
    ctx.lineJoin = 'round';
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
