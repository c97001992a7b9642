import type { DotPlot, PlotMark } from '../../model/plot.js';
import { formatRatio } from '../../narrative/format.js';
import { seriesClass } from './patterns.js';
import { coordinate, escapeMarkup } from './svg.js';

const WIDTH = 760;
const LEFT = 128;
const RIGHT = 28;
const TOP = 18;
const LANE = 15;
const NAMED_LANE = 18;
const HEADING = 22;
const ROW_GAP = 11;
const AXIS = 52;
/** Narrower drawings have the names of rows above their marks. */
const NARROW = 560;
/** With so many systems each mark is named beside it. */
const NAMED_FROM = 5;
/** Intervals that end beyond so many times the greatest value, or below the smallest over it, are cut. */
const BEYOND = 1.5;

/** Ticks that a logarithmic axis of ratios may show: round numbers, denser near 1. */
const TICKS = [
  0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.5, 1.75, 2, 2.5, 3, 4,
  5, 7, 10, 15, 20, 30, 50, 100,
];

/** What is drawn around the marks. */
interface Frame {
  readonly width: number;
  readonly left: number;
  readonly named: boolean;
  readonly headings: boolean;
  readonly lane: number;
  /** Class of a series beside its colour: of the system that a page can hide. */
  readonly of: (label: string) => string;
}

/**
 * A dot-and-interval plot as one SVG element. Colours come from the style sheet by class (`series-0` ...); published series
 * differ in shape as well. `id` prefixes every id inside, as ids are global in a page.
 */
export function renderDotPlot(
  plot: DotPlot,
  id: string,
  { width = WIDTH, of = (): string => '' }: { readonly width?: number; readonly of?: Frame['of'] } = {},
): string {
  const named = plot.series.length >= NAMED_FROM;
  const narrow = width < NARROW;
  const longest = Math.max(0, ...plot.series.map(({ label }) => label.length));
  const names = Math.min(narrow ? 146 : 150, longest * 6.6 + 10);
  const frame: Frame = {
    ...{ width, named, headings: named || narrow, of },
    left: named ? names : narrow ? 8 : LEFT,
    lane: named ? NAMED_LANE : LANE,
  };
  const above = frame.headings ? HEADING : 0;
  const rowHeight = above + Math.max(2, plot.series.length) * frame.lane + ROW_GAP;
  const bottom = TOP + plot.rows.length * rowHeight;
  const height = bottom + AXIS;
  const x = axisScale(plot, frame);
  const parts = [
    gridLines(x, bottom, plot),
    ...plot.rows.map((row, index) => renderRow(row, TOP + index * rowHeight, rowHeight, x, plot, frame)),
    narrow
      ? `<text class="axis-title start" x="0" y="${height - 10}">${escapeMarkup(plot.axis)}</text>`
      : `<text class="axis-title" x="${coordinate((frame.left + width - RIGHT) / 2)}" y="${height - 10}">${escapeMarkup(plot.axis)}</text>`,
  ];
  return (
    `<svg class="plot" viewBox="0 0 ${width} ${coordinate(height)}" role="img" aria-labelledby="${id}-title ${id}-text">` +
    `<title id="${id}-title">${escapeMarkup(plot.title)}</title>` +
    `<desc id="${id}-text">${escapeMarkup(describePlot(plot))}</desc>${parts.join('')}</svg>`
  );
}

interface Axis {
  readonly low: number;
  readonly high: number;
  readonly at: (value: number) => number;
}

function axisScale(plot: DotPlot, { left, width }: Frame): Axis {
  const marks = plot.rows.flatMap((row) => row.marks.flatMap((mark) => (mark.state === 'value' ? [mark] : [])));
  const positive = (values: readonly number[]): number[] =>
    values.filter((value) => value > 0 && Number.isFinite(value));
  const values = [...positive(marks.map(({ value }) => value)), plot.reference];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const ends = positive(marks.flatMap(({ low, high }) => [low ?? [], high ?? []].flat()));
  const low = Math.max(Math.min(least, ...ends), least / BEYOND) / 1.06;
  const high = Math.min(Math.max(most, ...ends), most * BEYOND) * 1.06;
  const span = Math.log(high / low);
  return { low, high, at: (value) => left + (Math.log(value / low) / span) * (width - RIGHT - left) };
}

function gridLines(x: Axis, bottom: number, plot: DotPlot): string {
  const chosen = TICKS.filter((tick) => tick >= x.low && tick <= x.high).sort(
    // Rounder numbers first, so that they win the room.
    (a, b) => roundness(a) - roundness(b) || a - b,
  );
  const placed: number[] = [];
  for (const tick of chosen) {
    if (placed.every((other) => Math.abs(x.at(other) - x.at(tick)) > 38)) placed.push(tick);
  }
  const lines = placed
    .sort((a, b) => a - b)
    .map((tick) => {
      const at = coordinate(x.at(tick));
      const kind = tick === plot.reference ? 'reference' : 'grid';
      return (
        `<line class="${kind}" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${coordinate(bottom)}"/>` +
        `<text class="tick" x="${at}" y="${coordinate(bottom + 16)}">${tick}×</text>`
      );
    });
  return lines.join('');
}

function roundness(tick: number): number {
  if (tick === 1) return 0;
  if ([0.5, 2, 5, 10, 0.1, 20, 50, 100].includes(tick)) return 1;
  if ([1.5, 3, 0.75, 0.25, 4, 0.2, 1.1, 0.9, 1.2, 0.8, 30].includes(tick)) return 2;
  return 3;
}

function renderRow(
  row: DotPlot['rows'][number],
  top: number,
  height: number,
  x: Axis,
  plot: DotPlot,
  frame: Frame,
): string {
  const { headings, named, width, lane, of } = frame;
  const first = top + (headings ? HEADING : 0);
  const middle = first + (height - ROW_GAP - (first - top)) / 2;
  const lanes = row.marks.length;
  const marks = row.marks.map((mark, series) => {
    const y = middle + (series - (lanes - 1) / 2) * lane;
    const label = plot.series[series]?.label ?? '';
    const name = named ? `<text class="row-label" x="0" y="${coordinate(y)}">${escapeMarkup(label)}</text>` : '';
    const drawn = name + renderMark(mark, series, y, x, plot, frame);
    const own = of(label);
    return own === '' ? drawn : `<g class="${own}">${drawn}</g>`;
  });
  const end = coordinate(top + height - ROW_GAP / 2);
  const label = headings
    ? `<text class="row-label panel-title" x="0" y="${coordinate(top + HEADING / 2)}">`
    : `<text class="row-label" x="0" y="${coordinate(middle)}">`;
  return (
    `<line class="row-rule" x1="0" x2="${width}" y1="${end}" y2="${end}"/>` +
    `${label}${escapeMarkup(row.label)}</text>${marks.join('')}`
  );
}

function renderMark(
  mark: PlotMark,
  series: number,
  y: number,
  x: Axis,
  plot: DotPlot,
  { named, width, left }: Frame,
): string {
  const { published = false, label = '' } = plot.series[series] ?? {};
  const at = coordinate(y);
  if (mark.state !== 'value') {
    if (published) return '';
    const text = escapeMarkup(named ? mark.state : `${label}: ${mark.state}`);
    return named
      ? `<text class="absent start" x="${coordinate(left + 5)}" y="${at}">${text}</text>`
      : `<text class="absent" x="${width}" y="${at}">${text}</text>`;
  }
  const center = coordinate(x.at(mark.value));
  const tip = `<title>${escapeMarkup(`${label}: ${formatRatio(mark.value)}`)}</title>`;
  if (published) {
    return `<path class="published ${seriesClass(series)}" d="M${center} ${coordinate(y - 5)}l5 5l-5 5l-5 -5z">${tip}</path>`;
  }
  return `<g class="measured ${seriesClass(series)}">${intervalPath(mark, y, x)}<circle cx="${center}" cy="${at}" r="4.5">${tip}</circle></g>`;
}

/** An interval with its ends; one that goes on beyond the axis has two strokes instead of an end. */
function intervalPath({ low, high }: Extract<PlotMark, { state: 'value' }>, y: number, x: Axis): string {
  if (low === null || high === null) return '';
  const [from, to] = [Math.max(x.low, low), Math.min(x.high, high)].map(x.at) as [number, number];
  const end = (at: number, isCut: boolean, inward: number): string =>
    isCut
      ? [4, 8].map((step) => `M${coordinate(at + inward * step - 2)} ${coordinate(y + 5)}l4 -10`).join('')
      : `M${coordinate(at)} ${coordinate(y - 3.5)}v7`;
  return (
    `<path class="interval" d="M${coordinate(from)} ${coordinate(y)}H${coordinate(to)}` +
    `${end(from, low < x.low, 1)}${end(to, high > x.high, -1)}"/>`
  );
}

/** The plot in words, for screen readers. */
export function describePlot(plot: DotPlot): string {
  const rows = plot.rows.map((row) => {
    const marks = row.marks.flatMap((mark, index) => {
      const label = plot.series[index]?.label ?? '';
      if (mark.state !== 'value') return [`${label} ${mark.state}`];
      const interval =
        mark.low === null || mark.high === null ? '' : ` (${formatRatio(mark.low)} to ${formatRatio(mark.high)})`;
      return [`${label} ${formatRatio(mark.value)}${interval}`];
    });
    return `${row.label}: ${marks.join(', ')}`;
  });
  return `${rows.join('. ')}.`;
}
