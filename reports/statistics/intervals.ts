import jstat from 'jstat';
import { mean, variance } from './descriptive.js';

/** Both ends belong to it; `low` is at most `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence of every interval in a report. */
export const CONFIDENCE = 0.95;

/** Fewer trials than this give no interval: two values say nothing about their own spread. */
export const MIN_TRIALS = 3;

/** Student t interval of the mean: mean ± t(1 - a/2, n - 1) s / sqrt(n). Undefined for fewer than three values. */
export function meanInterval(values: ArrayLike<number>, confidence = CONFIDENCE): Interval | undefined {
  if (values.length < MIN_TRIALS) return undefined;
  const center = mean(values);
  const half = studentQuantile(confidence, values.length - 1) * Math.sqrt(variance(values) / values.length);
  return { low: center - half, high: center + half };
}

/** Welch's interval of the difference of means `a - b`. Undefined when either side has fewer than three values. */
export function differenceInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  confidence = CONFIDENCE,
): Interval | undefined {
  if (a.length < MIN_TRIALS || b.length < MIN_TRIALS) return undefined;
  const difference = mean(a) - mean(b);
  const { error, freedom } = welchError(a, b);
  const half = error === 0 ? 0 : studentQuantile(confidence, freedom) * error;
  return { low: difference - half, high: difference + half };
}

/** Standard error of a difference of means and its degrees of freedom: Welch (1947), Satterthwaite (1946). */
export function welchError(a: ArrayLike<number>, b: ArrayLike<number>): { error: number; freedom: number } {
  const partA = variance(a) / a.length;
  const partB = variance(b) / b.length;
  const freedom = (partA + partB) ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  return { error: Math.sqrt(partA + partB), freedom };
}

/** The two-sided quantile: 2.776 for 0.95 and 4 degrees of freedom. */
export function studentQuantile(confidence: number, freedom: number): number {
  return jstat.studentt.inv(1 - (1 - confidence) / 2, freedom);
}
