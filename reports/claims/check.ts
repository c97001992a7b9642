import type { MetricId, Unit } from '../../harness/types.js';
import type { Interval } from '../statistics/intervals.js';

/** A row of a table or group of a figure, and the metric that it is about. */
export interface CheckedRow {
  readonly row: string;
  readonly metric: MetricId;
}

/** One comparison that a claim asserts, in a form that published and measured values are held against alike. */
export interface Check extends CheckedRow {
  /** Published column that it is about. */
  readonly of: string;
  readonly quantity:
    /** To another column; `other` where that is of another row, too. A loss is in percent of what it is relative to. */
    | { readonly kind: 'ratio' | 'relative' | 'loss'; readonly to: string; readonly other?: CheckedRow }
    | { readonly kind: 'difference'; readonly to: string; readonly unit: Unit; readonly other?: CheckedRow }
    /** A share minus what was asked for, in points: so many percent of each CPU. */
    | { readonly kind: 'off-request'; readonly percentOfCpu: number }
    | { readonly kind: 'per-megabyte'; readonly megabytes: number; readonly unit: Unit }
    | { readonly kind: 'value'; readonly unit: Unit }
    /** Over the speed of the link. */
    | { readonly kind: 'line-rate' };
  /** Where the quantity must lie for the claim to hold. */
  readonly band: Interval;
}

/** The comparisons of a claim, from the band that the reference data state for it. */
export type ChecksOfClaim = (stated: Interval) => readonly Check[];
