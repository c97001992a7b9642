import type { Level } from './levels.js';

/** `imprecise`: the observations spread; `very imprecise`: the interval is too wide for most conclusions. */
export type PrecisionGrade = 'precise' | 'imprecise' | 'very imprecise';

/** How precise the mean of a measured value is, in percent of that mean. */
export interface CellPrecision {
  readonly grade: PrecisionGrade;
  /** Coefficient of variation of the observations: their standard deviation over their mean. */
  readonly cv: number;
  /** What the observations are: trials, or the means of boots. */
  readonly level: Level;
  /** How many there are. */
  readonly observations: number;
  /** Half of the width of the 95 % interval; null without an interval. */
  readonly halfWidth: number | null;
}

/** Suites and workloads with imprecise values, those with the most first. */
export interface ImpreciseBenchmark {
  readonly id: string;
  readonly imprecise: number;
  readonly values: number;
}

/** How many measured values of a report are imprecise. Each is counted once, however many exhibits show it. */
export interface PrecisionCount {
  /** Measured and imported values of two or more observations. */
  readonly values: number;
  /** Of these: with a coefficient of variation above the limit, or an interval wider than its limit. */
  readonly imprecise: number;
  /** Of the imprecise ones: with an interval wider than its limit. */
  readonly veryImprecise: number;
  /** Values of one observation, whose spread is not known. */
  readonly unknown: number;
  /** The limits, in percent. */
  readonly cvLimit: number;
  readonly halfWidthLimit: number;
  readonly benchmarks: readonly ImpreciseBenchmark[];
  /** The same in words; null where nothing was measured. */
  readonly statement: string | null;
}
