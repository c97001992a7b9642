import type { MetricId, RunId } from '../../harness/types.js';

/** The difference of one arm from arm a, in percent of the mean of a. */
export interface ArmDifference {
  readonly percent: number;
  /** Welch's 95 % interval; null with fewer than three trials in either. */
  readonly low: number | null;
  readonly high: number | null;
  /** Two-sided p of Welch's test; null with fewer than three trials, or where neither arm varies. */
  readonly p: number | null;
  /** The same with Holm's correction over the metrics of the table. */
  readonly holmP: number | null;
}

/** One metric of a target that was compared with itself. */
export interface NoiseMetric {
  /** `suite/metric`. */
  readonly metric: MetricId;
  readonly label: string;
  readonly trials: { readonly a: number; readonly b: number; readonly detached: number };
  /** Arm b, which is identical to a. */
  readonly again: ArmDifference | null;
  /** Whether a and b, which are identical, differ at the 5 % level. */
  readonly verdict: 'no difference' | 'difference' | 'unknown';
  /** Percent: the smallest difference that this number of trials detects; null where that is unknown. */
  readonly floor: number | null;
  /** Percent of the mean: standard deviation of single trials, pooled over arms a and b; null where that is unknown. */
  readonly variation: number | null;
  /** Arm detached: the effect of the harness. */
  readonly detached: ArmDifference | null;
}

/** The noise floor of one target. */
export interface NoiseFloor {
  readonly runs: readonly RunId[];
  /** Key of the system of arm a. */
  readonly system: string;
  /** Label of the target. */
  readonly label: string;
  readonly statement: string;
  readonly metrics: readonly NoiseMetric[];
}

/** The noise floors that a report uses. `requested`: the run was named; `newest`: it is the newest that fits the baseline. */
export interface FloorsUsed {
  readonly run: RunId;
  readonly how: 'requested' | 'newest';
  /** How many cells differ from the baseline by less than their floor. */
  readonly below: number;
  readonly statement: string;
}
