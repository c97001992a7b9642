import type { MetricId } from '../../harness/types.js';

/** A position on an axis in percent, with its 95 % interval; a band that a publication states; or what it lacks. */
export type Coordinate =
  | { readonly state: 'value'; readonly value: number; readonly low: number | null; readonly high: number | null }
  | { readonly state: 'band'; readonly low: number; readonly high: number }
  | { readonly state: 'missing'; readonly missing: readonly string[] };

/** A number that a coordinate is made of, in percent; `why` there is none. */
export type CoordinateInput = { readonly metric: MetricId; readonly label: string; readonly axis: 'x' | 'y' } & (
  { readonly value: number; readonly low: number | null; readonly high: number | null } | { readonly why: string }
);

/** A system. One without a coordinate is beside the other axis; one without both is in the table alone. */
export interface ScatterPoint {
  readonly label: string;
  /** Key of the system; null of a system of the publication. */
  readonly system: string | null;
  readonly x: Coordinate;
  readonly y: Coordinate;
  readonly inputs: readonly CoordinateInput[];
}

export interface ScatterAxis {
  readonly title: string;
  /** In words, with what is better. */
  readonly axis: string;
  /** A line across the figure: the baseline, nothing lost. */
  readonly rule: { readonly value: number; readonly label: string };
}

/** A figure of points as plain data: numbers in percent, more is better on both axes. */
export interface Scatter {
  readonly title: string;
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly points: readonly ScatterPoint[];
}
