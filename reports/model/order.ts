import type { MetricId, RunId } from '../../harness/types.js';

/** How often each system was measured in each position of a block. */
export interface PositionCounts {
  /** Key of `Report.systems`. */
  readonly system: string;
  /** Trials with values, by position. */
  readonly counts: readonly number[];
}

/** F test for an effect of position on one metric, adjusted for that of the system. */
export interface PositionEffect {
  readonly metric: MetricId;
  readonly label: string;
  /** Trials in the test. */
  readonly n: number;
  /** Null where the test cannot be made: too few trials, or position and system cannot be separated. */
  readonly p: number | null;
  /** The same with Holm's correction over all metrics of the report. */
  readonly holmP: number | null;
}

/** The order of one suite or workload in one run. */
export interface BenchmarkOrder {
  readonly run: RunId;
  readonly benchmark: string;
  readonly systems: readonly PositionCounts[];
  /** No two positions of a system differ by more than one trial. */
  readonly balanced: boolean;
  readonly effects: readonly PositionEffect[];
}

/** In which order systems were measured, and whether that shows in the values. */
export interface Order {
  /** In words. */
  readonly statement: string;
  /** Counts are unbalanced, or position has a significant effect. */
  readonly warning: boolean;
  readonly benchmarks: readonly BenchmarkOrder[];
}
