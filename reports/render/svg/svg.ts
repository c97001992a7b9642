import type { DotPlot, PlotMark } from '../../model/plot.js';
import { formatRatio, plainLine } from '../../narrative/format.js';

/** Text for HTML or SVG, in elements and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return plainLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const WIDTH = 760;
const LEFT = 128;
const RIGHT = 28;
const TOP = 18;
const LANE = 15;
const ROW_GAP = 11;
const AXIS = 52;

/** Ticks that a logarithmic axis of ratios may show: round numbers, denser near 1. */
const TICKS = [
  0.1, 0.2, 0.25, 0.33, 0.5, 0.67, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.5, 1.75, 2, 2.5, 3, 4,
  5, 7, 10, 15, 20, 30, 50, 100,
];

/**
 * A dot-and-interval plot as one SVG element. Colours come from the style sheet by class (`series-0` ...); series differ
 * in shape as well, so that nothing is lost in grey print. `id` prefixes every id inside, as ids are global in a page.
 */
export function renderDotPlot(plot: DotPlot, id: string): string {
  const lanes = plot.series.length;
  const rowHeight = Math.max(2, lanes) * LANE + ROW_GAP;
  const bottom = TOP + plot.rows.length * rowHeight;
  const height = bottom + AXIS;
  const x = axisScale(plot);
  const parts = [
    gridLines(x, bottom, plot),
    ...plot.rows.map((row, index) => renderRow(row, TOP + index * rowHeight, rowHeight, x, plot)),
    `<text class="axis-title" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 10}">${escapeMarkup(plot.axis)}</text>`,
  ];
  return (
    `<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">` +
    `<title id="${id}-title">${escapeMarkup(plot.title)}</title>` +
    `<desc id="${id}-text">${escapeMarkup(describePlot(plot))}</desc>${parts.join('')}</svg>`
  );
}

interface Axis {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
}

function axisScale(plot: DotPlot): Axis {
  const values = plot.rows.flatMap((row) =>
    row.marks.flatMap((mark) =>
      mark.state === 'value' ? [mark.value, mark.low ?? mark.value, mark.high ?? mark.value] : [],
    ),
  );
  const positive = [...values.filter((value) => value > 0 && Number.isFinite(value)), plot.reference];
  const low = Math.min(...positive) / 1.06;
  const high = Math.max(...positive) * 1.06;
  const span = Math.log(high / low);
  return { low, high, at: (value) => LEFT + (Math.log(value / low) / span) * (WIDTH - RIGHT - LEFT) };
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
        `<line class="${kind}" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${bottom}"/>` +
        `<text class="tick" x="${at}" y="${bottom + 16}">${tick}×</text>`
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

function renderRow(row: DotPlot['rows'][number], top: number, height: number, x: Axis, plot: DotPlot): string {
  const middle = top + (height - ROW_GAP) / 2;
  const lanes = row.marks.length;
  const marks = row.marks.map((mark, series) => {
    const y = middle + (series - (lanes - 1) / 2) * LANE;
    return renderMark(mark, series, y, x, plot);
  });
  return (
    `<line class="row-rule" x1="0" x2="${WIDTH}" y1="${coordinate(top + height - ROW_GAP / 2)}" y2="${coordinate(top + height - ROW_GAP / 2)}"/>` +
    `<text class="row-label" x="0" y="${coordinate(middle)}">${escapeMarkup(row.label)}</text>${marks.join('')}`
  );
}

function renderMark(mark: PlotMark, series: number, y: number, x: Axis, plot: DotPlot): string {
  const { published = false, label = '' } = plot.series[series] ?? {};
  const at = coordinate(y);
  if (mark.state !== 'value') {
    if (published) return '';
    return `<text class="absent" x="${WIDTH}" y="${at}">${escapeMarkup(`${label}: ${mark.state}`)}</text>`;
  }
  const center = coordinate(x.at(mark.value));
  const tip = `<title>${escapeMarkup(`${label}: ${formatRatio(mark.value)}`)}</title>`;
  if (published) {
    return `<path class="published series-${series}" d="M${center} ${coordinate(y - 5)}l5 5l-5 5l-5 -5z">${tip}</path>`;
  }
  const bar =
    mark.low === null || mark.high === null
      ? ''
      : `<path class="interval" d="M${coordinate(x.at(mark.low))} ${at}H${coordinate(x.at(mark.high))}` +
        `M${coordinate(x.at(mark.low))} ${coordinate(y - 3.5)}v7M${coordinate(x.at(mark.high))} ${coordinate(y - 3.5)}v7"/>`;
  return `<g class="measured series-${series}">${bar}<circle cx="${center}" cy="${at}" r="4.5">${tip}</circle></g>`;
}

/** A hundredth of a unit is finer than any screen, and rounding makes equal figures equal bytes. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
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
