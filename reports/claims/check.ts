import type { MetricId, Unit } from '../../harness/types.js';
import type { Interval } from '../statistics/intervals.js';

/** A row of a table or group of a figure, and its metric. */
export interface CheckedRow {
  readonly row: string;
  readonly metric: MetricId;
}

/** A quantity of one column that can be measured, and may have been published. */
export type Quantity =
  /**
   * To another column; `other` where that is of another row, too. `ratio` as measured; `relative` is performance, higher is
   * better; `loss` is what is missing to it, in percent.
   */
  | { readonly kind: 'ratio' | 'relative' | 'loss'; readonly to: string; readonly other?: CheckedRow }
  | { readonly kind: 'difference'; readonly to: string; readonly unit: Unit }
  /** A share minus what was requested, in points; the request is in percent of each CPU. */
  | { readonly kind: 'off-request'; readonly percentOfCpu: number }
  /** A share in percent of what was requested, which is in percent of each CPU, or of their capacity together. */
  | { readonly kind: 'of-request'; readonly percent: number; readonly whole: 'cpu' | 'capacity' }
  | { readonly kind: 'per-megabyte'; readonly megabytes: number; readonly unit: Unit }
  | { readonly kind: 'value'; readonly unit: Unit }
  /** Over the speed of the link. */
  | { readonly kind: 'line-rate' };

/** One quantity of one published column. */
export interface Part extends CheckedRow {
  readonly column: string;
  readonly quantity: Quantity;
}

/** One comparison that a claim makes, in a form that published and measured values are compared with alike. */
export type Check = (
  | (Part & { readonly kind?: 'single' })
  /** The largest of several quantities; `magnitude`: of their sizes, where they may be negative. */
  | {
      readonly kind: 'greatest';
      readonly title: string;
      readonly parts: readonly Part[];
      readonly magnitude?: boolean;
    }
  /** How many metrics of a suite are worse in one column than in another, in percent of all that both have. */
  | {
      readonly kind: 'majority-worse';
      readonly suite: string;
      readonly column: string;
      readonly to: string;
    }
) & {
  /** Where the quantity lies if the sentence holds; an end may be infinite. */
  readonly band: Interval;
};

/** A sentence of the paper, made testable. */
export interface Claim {
  readonly id: string;
  /** Id of the exhibit that it is shown below. */
  readonly exhibit: string;
  /** Ids of the quotations that it is made of, the first first. */
  readonly quotations: readonly [string, ...string[]];
  /** How the sentence was read, and why so. */
  readonly interpretation: string;
  /** It holds when all of these do. */
  readonly checks: readonly Check[];
}
