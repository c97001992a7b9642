// Draws the figures of `bench report --interactive` in the page. It is inlined behind Chart.js, its error bars and
// `figure-chart.js`, as one script: names of that file are in scope. The static figures stay until their chart is drawn.
import {
  chartOf,
  defaultViews,
  registerFigures,
  setGroup,
  setPalette,
  setSelection,
  setSeries,
  setView,
} from './figure-chart.js';
import { registerScatter, scatterChartOf, setPoint, setScatterPalette } from './scatter-chart.js';

const ZOOM = 1.5;
/** Pixels that the pointer moves before it selects. */
const CLICK = 8;

function paletteOfPage() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ...{ ink: colour('ink'), soft: colour('soft'), line: colour('line'), faint: colour('faint'), page: colour('page') },
    series: ['blue', 'vermillion', 'green', 'purple', 'orange', 'sky'].map(colour),
  };
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A button that is pressed or not; `change` is called with what it becomes. */
function toggle(children, pressed, change) {
  const button = element('button', { type: 'button', class: 'toggle', 'aria-pressed': String(pressed) }, ...children);
  button.addEventListener('click', () => {
    const next = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(next));
    change(next);
  });
  return button;
}

function drawFigure({ id, layout, details, named, boxes }) {
  const section = document.getElementById(id);
  const figure = section.querySelector('figure');
  const svg = figure.querySelector('svg.figure');
  // The SVG stays for screen readers, with the figure in words.
  const canvas = element('canvas', {
    class: 'chart',
    width: layout.width,
    height: layout.height,
    'aria-hidden': 'true',
  });
  svg.after(canvas);
  const pixelRatio = Math.max(1, svg.getBoundingClientRect().width / layout.width) * (globalThis.devicePixelRatio || 1);
  let chart;
  try {
    const make = layout.form === 'bars' ? chartOf : scatterChartOf;
    chart = new Chart(canvas, make(layout, paletteOfPage(), { details, pixelRatio }));
  } catch (error) {
    canvas.remove();
    throw error;
  }
  canvas.style.width = '100%';
  canvas.style.height = 'auto';
  figure.classList.add('drawn');
  if (layout.form === 'scatter') {
    addPointToggles(chart, figure, boxes);
    return;
  }
  if (named && boxes.some(Boolean)) followBoxes(boxes, (series, visible) => setSeries(chart, series, visible));
  else addToggles(chart, figure, layout, named);
  addTools(chart, figure, layout);
  addSelection(chart, canvas, layout);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => setPalette(chart, paletteOfPage()));
}

/** The check boxes of a page of many systems hide and show them in its charts, too. */
function followBoxes(boxes, change) {
  boxes.forEach((id, series) => {
    const box = document.getElementById(id);
    if (box === null) return;
    box.addEventListener('change', () => change(series, box.checked));
    if (!box.checked) change(series, false);
  });
}

/** Names of systems hide and show their points. */
function addPointToggles(chart, figure, boxes) {
  const isBoxed = boxes.some(Boolean);
  if (isBoxed) followBoxes(boxes, (series, visible) => setPoint(chart, series, visible));
  for (const item of isBoxed ? [] : figure.querySelectorAll('.legend li[data-series]')) {
    const series = Number(item.dataset.series);
    item.append(toggle([...item.childNodes], true, (visible) => setPoint(chart, series, visible)));
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
    setScatterPalette(chart, paletteOfPage()),
  );
}

/** The legend hides and shows systems; where systems are groups of bars, a list of their names does. */
function addToggles(chart, figure, layout, named) {
  const legend = figure.querySelector('.legend');
  if (named) {
    [...legend.children].slice(0, layout.series.length).forEach((item, series) => {
      item.append(toggle([...item.childNodes], true, (visible) => setSeries(chart, series, visible)));
    });
    return;
  }
  const items = layout.groups.map((label, group) =>
    element(
      'li',
      {},
      toggle([label], true, (visible) => setGroup(chart, group, visible)),
    ),
  );
  legend.prepend(...items);
}

function addTools(chart, figure, layout) {
  const views = () => chart.config.options.plugins.figure.views;
  const each = (change) =>
    layout.panels.forEach((panel, index) => setView(chart, index, change(panel, views()[index], index)));
  const button = (label, action) => {
    const made = element('button', { type: 'button' }, label);
    made.addEventListener('click', action);
    return made;
  };
  const logarithmic = toggle(['Logarithmic axis'], false, (log) =>
    each((panel, _, index) => wholeView(layout, panel, index, log)),
  );
  const reset = () => {
    logarithmic.setAttribute('aria-pressed', 'false');
    each((panel, _, index) => wholeView(layout, panel, index, false));
  };
  figure.append(
    element(
      'p',
      { class: 'tools', role: 'group', 'aria-label': `Axis of ${layout.title}` },
      button('Zoom in', () => each((panel, view) => zoomed(panel, view, 1 / ZOOM))),
      button('Zoom out', () => each((panel, view) => zoomed(panel, view, ZOOM))),
      logarithmic,
      button('Reset', reset),
      element(
        'span',
        { class: 'hint' },
        'Point at a bar for its interval, n and raw file; drag across a panel to zoom.',
      ),
    ),
  );
}

/** Everything in a panel, on a linear axis from 0 or on a logarithmic one from below its smallest number. */
function wholeView(layout, panel, index, log) {
  const numbers = panel.bars.flatMap(({ value, interval }) => [value, interval?.low ?? value]);
  const positive = numbers.filter((value) => value > 0);
  if (!log || positive.length === 0) return defaultViews(layout)[index];
  return { min: Math.min(...positive) / 1.5, max: panel.domain.max, log: true };
}

/** The same panel with this many times as much on its axis, around its rule, or from its left. */
function zoomed(panel, { min, max, log }, factor) {
  const [into, back] = log ? [Math.log, Math.exp] : [(value) => value, (value) => value];
  const rule = panel.rules.find(({ value }) => value > min && value < max)?.value ?? min;
  const around = into(rule);
  return {
    min: back(around - (around - into(min)) * factor),
    max: back(around + (into(max) - around) * factor),
    log,
  };
}

/** Dragging across a panel shows what was selected. A finger scrolls the page instead. */
function addSelection(chart, canvas, layout) {
  let start;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const scale = layout.width / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  };
  canvas.addEventListener('pointerdown', (event) => {
    const { x, y } = at(event);
    const panel = layout.panels.findIndex(
      ({ left, width, top, bottom }) => x >= left && x <= left + width && y >= top && y <= bottom,
    );
    if (panel < 0 || event.pointerType === 'touch' || event.button !== 0) return;
    start = { panel, from: x };
    canvas.setPointerCapture(event.pointerId);
  });
  const inside = (x) => {
    const { left, width } = layout.panels[start.panel];
    return Math.max(left, Math.min(left + width, x));
  };
  canvas.addEventListener('pointermove', (event) => {
    if (start !== undefined) setSelection(chart, { ...start, to: inside(at(event).x) });
  });
  canvas.addEventListener('pointerup', (event) => {
    if (start === undefined) return;
    const { panel, from } = start;
    const ends = [from, inside(at(event).x)].sort((a, b) => a - b);
    start = undefined;
    setSelection(chart, undefined);
    if (ends[1] - ends[0] < CLICK) return;
    const scale = chart.scales[`x${panel}`];
    const { log } = chart.config.options.plugins.figure.views[panel];
    setView(chart, panel, { min: scale.getValueForPixel(ends[0]), max: scale.getValueForPixel(ends[1]), log });
  });
  canvas.addEventListener('pointercancel', () => {
    start = undefined;
    setSelection(chart, undefined);
  });
}

// A canvas does not wait for a font as the page does.
registerFigures(Chart);
registerScatter(Chart);
void Promise.allSettled([400, 600].map((weight) => document.fonts.load(`${weight} 12px "IBM Plex Sans"`))).then(() => {
  for (const figure of JSON.parse(document.getElementById('figure-data').textContent)) {
    try {
      drawFigure(figure);
    } catch (error) {
      // Its static figure stays.
      reportError(error);
    }
  }
});
