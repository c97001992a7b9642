import type { Coordinate, Scatter, ScatterAxis, ScatterPoint } from '../../model/scatter.js';
import { ticksOf } from '../chart/figure-chart.js';
import { describeScatter, writePercent } from './describe-scatter.js';
import { PAGE_WIDTH } from './columns.js';
import type { PointLayout, ScatterLayout, Segment } from './scatter-types.js';

const LEFT = 62;
const NARROW_LEFT = 34;
/** Narrower drawings have short names of axes. */
const NARROW = 560;
const TOP = 26;
const AXIS = 46;
const LANE = 20;
/** Of the strip right of the plot, by system that has no place on the horizontal axis. */
const COLUMN = 20;
const LABEL_GAP = 18;
const LABEL_HEIGHT = 17;
/** Pixels of a letter of a label, about. */
const LETTER = 6.9;
/** Intervals that reach further beyond all values than this part of their range are cut. */
const BEYOND = 0.75;
/** Percentage points that an axis spans at least. */
const MIN_SPAN = 8;

/**
 * Where everything of a figure of points is drawn, in pixels of a drawing of this width. Names are in a column at the right,
 * each joined to its point, so that none hides another. A system without one coordinate has a lane beside the other axis.
 */
export function layoutScatter(scatter: Scatter, width: number = PAGE_WIDTH): ScatterLayout {
  const points = scatter.points.map((point, index) => ({ point, series: seriesOf(scatter, index) }));
  const whole = points.filter(({ point: { x, y } }) => known(x) && known(y));
  const below = points.filter(({ point: { x, y } }) => known(x) && !known(y));
  const beside = points.filter(({ point: { x, y } }) => !known(x) && known(y));
  const longest = Math.max(0, ...[...whole, ...below, ...beside].map(({ point }) => nameOf(point).length));
  const narrow = width < NARROW;
  const left = narrow ? NARROW_LEFT : LEFT;
  const labels = Math.min(width * 0.42, longest * LETTER + LABEL_GAP + 8);
  const right = Math.round(width - labels) - (beside.length === 0 ? 0 : beside.length * COLUMN + 12);
  const named = Math.max(whole.length + beside.length, 1) * LABEL_HEIGHT;
  const bottom = TOP + Math.round(Math.max(named, Math.min(380, (right - left) * 0.7)));
  const x = axisOf(
    scatter.x,
    points.map(({ point }) => point.x),
    [left, right],
  );
  const y = axisOf(
    scatter.y,
    points.map(({ point }) => point.y),
    [bottom, TOP],
  );
  const laid = [
    ...whole.map(({ point, series }) => placed(point, series, x.at(middle(point.x)), y.at(middle(point.y)), x, y)),
    ...beside.map(({ point, series }, lane) =>
      placed(point, series, right + 12 + (lane + 0.5) * COLUMN, y.at(middle(point.y)), undefined, y),
    ),
  ];
  const lanes = below.map(({ point, series }, lane) =>
    placed(point, series, x.at(middle(point.x)), bottom + 12 + (lane + 1.5) * LANE, x, undefined),
  );
  const foot = bottom + (lanes.length === 0 ? 0 : (lanes.length + 1) * LANE + 12);
  return {
    form: 'scatter',
    width,
    height: foot + AXIS,
    title: scatter.title,
    description: describeScatter(scatter),
    plot: { left, top: TOP, right, bottom, foot, end: width - labels },
    x: {
      axis: narrow ? `${scatter.x.title}, %` : scatter.x.axis,
      ticks: x.ticks,
      domain: x.domain,
      rule: { at: x.at(scatter.x.rule.value), label: scatter.x.rule.label },
    },
    y: {
      axis: narrow ? `${scatter.y.title}, %` : scatter.y.axis,
      ticks: y.ticks,
      domain: y.domain,
      rule: { at: y.at(scatter.y.rule.value), label: scatter.y.rule.label },
    },
    beside: beside.length === 0 ? null : { x: right + 12, text: 'isolation not known' },
    below: lanes.length === 0 ? null : { y: bottom + 12, text: 'efficiency not known' },
    points: [
      ...labelled(laid, width - labels + LABEL_GAP, TOP, bottom),
      ...lanes.map((one) => ({ ...one, label: { text: one.name, x: width - labels + LABEL_GAP, y: one.y } })),
    ],
  };
}

/** Measured systems have a colour and a shape each, in their order. */
function seriesOf({ points }: Scatter, index: number): number | null {
  if (points[index]?.system === null) return null;
  return points.slice(0, index).filter(({ system }) => system !== null).length;
}

function known(coordinate: Coordinate): boolean {
  return coordinate.state !== 'missing';
}

function middle(coordinate: Coordinate): number {
  if (coordinate.state === 'value') return coordinate.value;
  return coordinate.state === 'band' ? (coordinate.low + coordinate.high) / 2 : Number.NaN;
}

function nameOf({ label, system }: ScatterPoint): string {
  return system === null ? `${label}, paper` : label;
}

interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly domain: { readonly min: number; readonly max: number };
}

function axisOf({ rule }: ScatterAxis, all: readonly Coordinate[], [from, to]: readonly [number, number]): Axis {
  const values = [rule.value, ...all.flatMap((one) => (one.state === 'value' ? [one.value] : ends(one)))];
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const span = Math.max(most - least, MIN_SPAN);
  const reach = all.flatMap(ends);
  const low = Math.max(Math.min(least, ...reach), least - BEYOND * span);
  const high = Math.min(Math.max(most, ...reach), most + BEYOND * span);
  const room = Math.max(0.08 * (high - low), (MIN_SPAN - (high - low)) / 2);
  const domain = { min: low - room, max: high + room };
  const at = (value: number): number => from + ((value - domain.min) / (domain.max - domain.min)) * (to - from);
  const ticks = ticksOf({ ...domain, room: Math.abs(to - from), divisor: 1, log: false }).map(({ value, label }) => ({
    at: at(value),
    label,
  }));
  return { at, ticks, domain };
}

function ends(coordinate: Coordinate): number[] {
  return coordinate.state === 'missing' ? [] : [coordinate.low, coordinate.high].flatMap((end) => end ?? []);
}

type Placed = Omit<PointLayout, 'label'> & { readonly name: string };

function placed(
  point: ScatterPoint,
  series: number | null,
  x: number,
  y: number,
  acrossAxis: Axis | undefined,
  upAxis: Axis | undefined,
): Placed {
  const words = [
    ['efficiency', point.y],
    ['isolation', point.x],
  ] as const;
  return {
    ...{ series, x, y, name: nameOf(point) },
    value: { x: acrossAxis === undefined ? null : middle(point.x), y: upAxis === undefined ? null : middle(point.y) },
    isBand: { x: point.x.state === 'band', y: point.y.state === 'band' },
    across: acrossAxis === undefined ? null : segmentOf(point.x, acrossAxis),
    up: upAxis === undefined ? null : segmentOf(point.y, upAxis),
    tip: `${nameOf(point)}: ${words.map(([name, one]) => `${name} ${writePercent(one)}`).join(', ')}`,
  };
}

/** An interval or band as drawn, cut at the ends of its axis. */
function segmentOf(coordinate: Coordinate, { at, domain }: Axis): Segment | null {
  if (coordinate.state === 'missing' || coordinate.low === null || coordinate.high === null) return null;
  const [low, high] = [Math.max(domain.min, coordinate.low), Math.min(domain.max, coordinate.high)];
  return {
    ...{ low, high, from: at(low), to: at(high) },
    cutLow: coordinate.low < domain.min,
    cutHigh: coordinate.high > domain.max,
  };
}

/** Labels in one column, as near to the height of their points as there is room. */
function labelled(points: readonly Placed[], x: number, top: number, bottom: number): PointLayout[] {
  const order = [...points].sort((a, b) => a.y - b.y || a.x - b.x);
  const heights: number[] = [];
  for (const point of order) heights.push(Math.max(point.y, (heights.at(-1) ?? top - LABEL_HEIGHT) + LABEL_HEIGHT));
  // What was pushed below the plot moves up, and what is above it with it.
  let limit = Math.max(bottom - LABEL_HEIGHT / 2, top + order.length * LABEL_HEIGHT);
  for (let index = heights.length - 1; index >= 0; index -= 1) {
    heights[index] = Math.min(heights[index] ?? 0, limit);
    limit = (heights[index] ?? 0) - LABEL_HEIGHT;
  }
  return order.map((point, index) => ({ ...point, label: { text: point.name, x, y: heights[index] ?? point.y } }));
}
