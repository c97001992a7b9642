import { quantileOfSorted } from '../statistics/descriptive.js';
import { html, type Html } from './html.js';

/** Where values of a metric lie: the same for all of its drawings. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
}

const WIDTH = 600;
const MARGIN = 10;
const BINS = 60;
/** From this ratio of the largest to the smallest value the axis is logarithmic. */
const WIDE = 20;

/** An axis that has all of these values, which are finite and at least one. */
export function scaleOf(values: readonly number[]): Scale {
  const [low, high] = [Math.min(...extremes(values)), Math.max(...extremes(values))];
  const log = low > 0 && high / low > WIDE;
  if (low === high)
    return {
      low: low === 0 ? -1 : low - Math.abs(low) / 20,
      high: low === 0 ? 1 : low + Math.abs(low) / 20,
      log: false,
    };
  const room = log ? 1 : (high - low) / 50;
  return log ? { low: low / 1.1, high: high * 1.1, log } : { low: low - room, high: high + room, log };
}

/** Spreading more values than this into arguments may overflow the stack. */
function extremes(values: readonly number[]): readonly [number, number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
}

/** Pixels from the left. */
export function position(value: number, { low, high, log }: Scale, width = WIDTH): number {
  const part = log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return Number((MARGIN + Math.max(0, Math.min(1, part)) * (width - 2 * MARGIN)).toFixed(1));
}

export interface Quartiles {
  readonly n: number;
  readonly least: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly most: number;
}

export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = Float64Array.from(values).sort();
  const at = (part: number): number => quantileOfSorted(sorted, part);
  return { n: values.length, least: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), most: at(1) };
}

/**
 * All trials of one system: how many lie where, as a filled outline, and below it the box from the first to the third
 * quartile with the median. Positions only: numbers are in the table beside it.
 */
export function drawDistribution(values: readonly number[], scale: Scale, label: string): Html {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const value of values) {
    const part = (position(value, scale) - MARGIN) / (WIDTH - 2 * MARGIN);
    const bin = Math.min(BINS - 1, Math.floor(part * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  const step = (WIDTH - 2 * MARGIN) / BINS;
  const outline = counts
    .map((count, bin) => `V${(34 - (30 * count) / most).toFixed(1)}H${(MARGIN + (bin + 1) * step).toFixed(1)}`)
    .join('');
  const { q1, median, q3, least, most: largest } = quartilesOf(values);
  const x = (value: number): number => position(value, scale);
  return html`<svg class="distribution" viewBox="0 0 ${WIDTH} 52" role="img" aria-label="${label}">
    <path class="density" d="M${MARGIN} 34${outline}V34Z" />
    <path class="whisker" d="M${x(least)} 43H${x(largest)}" />
    <rect class="box" x="${x(q1)}" y="38.5" width="${Math.max(1, x(q3) - x(q1)).toFixed(1)}" height="9" />
    <path class="median" d="M${x(median)} 36V50" />
  </svg>`;
}

/** Ticks of an axis: about five round values. */
export function ticksOf({ low, high, log }: Scale): readonly number[] {
  if (log) {
    const first = Math.ceil(Math.log10(low));
    const all = Array.from(
      { length: Math.max(0, Math.floor(Math.log10(high)) - first + 1) },
      (_, index) => 10 ** (first + index),
    );
    if (all.length > 1) return all;
  }
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step);
}

/** The axis of these drawings; `write` puts a value into words. */
export function drawAxis(scale: Scale, write: (value: number) => string): Html {
  const ticks = ticksOf(scale).map((value) => {
    const x = position(value, scale);
    return html`<path class="tick" d="M${x} 0V5" /><text x="${x}" y="21">${write(value)}</text>`;
  });
  return html`<svg class="distribution axis" viewBox="0 0 ${WIDTH} 28" aria-hidden="true">
    <path class="tick" d="M${MARGIN} 0H${WIDTH - MARGIN}" />
    ${ticks}
  </svg>`;
}

export interface Point {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Means of runs in the order of time, the last marked. */
export function drawHistory(points: readonly Point[], label: string): Html {
  const [width, height] = [180, 34];
  const scale = scaleOf(points.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]));
  const y = (value: number): number =>
    Number((3 + ((scale.high - value) / (scale.high - scale.low)) * (height - 6)).toFixed(1));
  const x = (index: number): number => Number((4 + (index * (width - 8)) / Math.max(1, points.length - 1)).toFixed(1));
  const whiskers = points
    .map(({ low, high }, index) => (low === null || high === null ? '' : `M${x(index)} ${y(low)}V${y(high)}`))
    .join('');
  const line = points.map(({ value }, index) => `${index === 0 ? 'M' : 'L'}${x(index)} ${y(value)}`).join('');
  const last = points.at(-1);
  return html`<svg class="history" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
    <path class="interval" d="${whiskers}" />
    <path class="line" d="${line}" />
    ${last !== undefined && html`<circle cx="${x(points.length - 1)}" cy="${y(last.value)}" r="3" />`}
  </svg>`;
}
