import type { MetricId, RunId } from '../../harness/types.js';

/** How far one arm is from arm a, in percent of the mean of a. */
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

/** One metric of a target that was measured against itself. */
export interface NoiseMetric {
  /** `suite/metric`. */
  readonly metric: MetricId;
  readonly label: string;
  readonly trials: { readonly a: number; readonly b: number; readonly detached: number };
  /** Arm b, which is the same thing again. */
  readonly again: ArmDifference | null;
  /** Whether a and b, which are equal, look different at the 5 % level. */
  readonly verdict: 'no difference' | 'difference' | 'unknown';
  /** Percent: the smallest difference that as many trials resolve; null where that is unknown. */
  readonly floor: number | null;
  /** Arm detached: what the presence of the harness changes. */
  readonly detached: ArmDifference | null;
}

/** The noise floor of one target. */
export interface NoiseFloor {
  readonly runs: readonly RunId[];
  /** Key of the system of arm a. */
  readonly system: string;
  /** The target, as reports call it. */
  readonly label: string;
  readonly statement: string;
  readonly metrics: readonly NoiseMetric[];
}

/** Which floors a report went by. */
export interface FloorsUsed {
  readonly run: RunId;
  readonly how: 'asked' | 'newest';
  /** How many cells differ from the baseline by less than their floor. */
  readonly below: number;
  readonly statement: string;
}
