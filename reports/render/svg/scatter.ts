import { cornersOf } from '../chart/scatter-chart.js';
import type { PointLayout, ScatterLayout, Segment } from '../figure/scatter-types.js';
import { seriesClass } from './patterns.js';
import { coordinate as at, escapeMarkup } from './svg.js';

/**
 * A figure of points as one SVG element, in the colours of the style sheet. `id` prefixes every id inside. A file of its own has `attributes` and a `style`, as no page is
 * around it.
 */
export function renderScatterLayout(
  layout: ScatterLayout,
  id: string,
  { attributes = '', style = '', of = (_label: string): string => '' } = {},
): string {
  const { width, height, points } = layout;
  return (
    `<svg${attributes} class="plot figure scatter" viewBox="0 0 ${at(width)} ${at(height)}" role="img" ` +
    `aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${escapeMarkup(layout.title)}</title>` +
    `<desc id="${id}-text">${escapeMarkup(layout.description)}</desc>${style}${frame(layout)}` +
    `${points.map((point) => grouped(of(point.label.text), leader(point) + renderPoint(point))).join('')}</svg>`
  );
}

function grouped(own: string, content: string): string {
  return own === '' ? content : `<g class="${own}">${content}</g>`;
}

/** Grid, axes, the lines at 100 % and the lanes of systems without one of the coordinates. */
function frame({ plot, x, y, below, beside, height }: ScatterLayout): string {
  const across = x.ticks.map(
    (tick) => line('grid', tick.at, plot.top, tick.at, plot.foot) + text('tick', tick.at, plot.foot + 14, tick.label),
  );
  const up = y.ticks.map(
    (tick) =>
      line('grid', plot.left, tick.at, plot.right, tick.at) + text('tick end', plot.left - 8, tick.at, tick.label),
  );
  const lanes = [
    ...(below === null
      ? []
      : [
          line('edge', plot.left, below.y - 6, plot.right, below.y - 6),
          text('absent start halo', plot.left + 6, below.y + 9, below.text),
        ]),
    ...(beside === null
      ? []
      : [
          line('edge', beside.x - 6, plot.top, beside.x - 6, plot.bottom),
          text('absent start halo', beside.x - 6, plot.top - 10, beside.text),
        ]),
  ];
  return [
    ...across,
    ...up,
    line('reference', x.rule.at, plot.top, x.rule.at, plot.foot),
    line('reference', plot.left, y.rule.at, plot.right, y.rule.at),
    text('tick rule end halo', x.rule.at - 6, plot.bottom - 9, x.rule.label),
    text('tick rule start halo', plot.left + 6, y.rule.at - 9, y.rule.label),
    text('axis-title start', 0, 9, y.axis),
    text('axis-title start', plot.left, height - 10, x.axis),
    ...lanes,
  ].join('');
}

/** From a point to its label; one in a lane below is at the height of its label. */
function leader({ x, y, label, value }: PointLayout): string {
  if (value.y === null) return '';
  return `<path class="leader" d="M${at(x + 7)} ${at(y)}L${at(label.x - 16)} ${at(label.y)}H${at(label.x - 5)}"/>`;
}

function renderPoint(point: PointLayout): string {
  const { series, x, y, across, up, isBand, label, tip } = point;
  const kind = series === null ? 'published' : `measured ${seriesClass(series)}`;
  const marks = [
    across === null ? '' : segment(across, isBand.x, (end, off) => [end, y + off], false),
    up === null ? '' : segment(up, isBand.y, (end, off) => [x + off, end], true),
    isBand.x || isBand.y ? '' : markShape(series, x, y),
  ];
  return `<g class="${kind}"><title>${escapeMarkup(tip)}</title>${marks.join('')}</g>${text('start', label.x, label.y, label.text)}`;
}

type Place = (along: number, off: number) => readonly [number, number];

/** Twice: a wide line in the colour of the page keeps the thin one visible. Two strokes mark a cut. */
function segment({ from, to, cutLow, cutHigh }: Segment, isBand: boolean, place: Place, upright: boolean): string {
  const go = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]): string =>
    `M${at(a)} ${at(b)}L${at(c)} ${at(d)}`;
  const path = go(place(from, 0), place(to, 0)) + go(place(from, -4), place(from, 4)) + go(place(to, -4), place(to, 4));
  if (isBand) return `<path class="published band" d="${path}"/>`;
  const inward = upright ? 1 : -1;
  const cuts = [cutLow ? [from, -inward] : [], cutHigh ? [to, inward] : []].flatMap(([end, direction]) =>
    end === undefined || direction === undefined
      ? []
      : [6, 10].map((step) => go(place(end + direction * step, 5), place(end + direction * (step - 4), -5))),
  );
  const whole = path + cuts.join('');
  return `<path class="error-halo" d="${whole}"/><path class="interval" d="${whole}"/>`;
}

/** The mark of a system. */
export function markShape(series: number | null, x: number, y: number): string {
  const corners = cornersOf(series);
  const kind = series === null ? 'published stated' : 'mark';
  if (corners.length === 0) return `<circle class="${kind}" cx="${at(x)}" cy="${at(y)}" r="5"/>`;
  const path = corners.map(([dx, dy], index) => `${index === 0 ? 'M' : 'L'}${at(x + dx)} ${at(y + dy)}`).join('');
  return `<path class="${kind}" d="${path}z"/>`;
}

function line(kind: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${kind}" x1="${at(x1)}" x2="${at(x2)}" y1="${at(y1)}" y2="${at(y2)}"/>`;
}

function text(kind: string, x: number, y: number, content: string): string {
  return `<text class="${kind}" x="${at(x)}" y="${at(y)}">${escapeMarkup(content)}</text>`;
}
