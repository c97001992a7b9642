import jstat from 'jstat';
import { mean, variance } from './descriptive.js';

/** Both ends belong to it; `low` is at most `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Confidence of every interval in a report. */
export const CONFIDENCE = 0.95;

/** Fewer trials than this give no interval: two values do not determine their spread. */
export const MIN_TRIALS = 3;

/** Why observations have no interval. `no spread`: all are equal, and the resolution of the tool is unknown. */
export type NoInterval = 'too few' | 'not positive' | 'no spread';

/** A quantity that was rounded to multiples of `q` has at least the variance q^2 / 12 (Sheppard 1898). */
const ROUNDING = 1 / 12;

/**
 * Sample variance, and never less than that of rounding to `resolution`: the step between values that the tool can print,
 * in the unit of the values; 0 where it is unknown. At least two values.
 */
export function spreadOf(values: ArrayLike<number>, resolution: number): number {
  return Math.max(variance(values), ROUNDING * resolution ** 2);
}

/**
 * Student's interval of the mean: mean ± t(1 - a/2, n - 1) s / sqrt(n), with the spread of `spreadOf`. Otherwise why there
 * is none.
 */
export function studentInterval(values: ArrayLike<number>, resolution = 0): Interval | 'too few' | 'no spread' {
  if (values.length < MIN_TRIALS) return 'too few';
  const spread = spreadOf(values, resolution);
  if (spread === 0) return 'no spread';
  const center = mean(values);
  const half = studentQuantile(CONFIDENCE, values.length - 1) * Math.sqrt(spread / values.length);
  return { low: center - half, high: center + half };
}

/**
 * Welch's interval of the difference of means `a - b`, each with the spread that its resolution gives it at least.
 * Otherwise why there is none.
 */
export function differenceInterval(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [resolutionA, resolutionB]: readonly [number, number] = [0, 0],
): Interval | 'too few' | 'no spread' {
  if (a.length < MIN_TRIALS || b.length < MIN_TRIALS) return 'too few';
  const difference = mean(a) - mean(b);
  const [spreadA, spreadB] = [spreadOf(a, resolutionA), spreadOf(b, resolutionB)];
  if (spreadA === 0 && spreadB === 0) return 'no spread';
  const { error, freedom } = satterthwaite([spreadA / a.length, a.length - 1], [spreadB / b.length, b.length - 1]);
  const half = studentQuantile(CONFIDENCE, freedom) * error;
  return { low: difference - half, high: difference + half };
}

/**
 * Standard error of a sum or difference of independent estimates, and its degrees of freedom (Satterthwaite 1946). Each
 * part is a squared standard error with its degrees of freedom; one of them at least is not 0.
 */
export function satterthwaite(...parts: readonly (readonly [square: number, freedom: number])[]): {
  readonly error: number;
  readonly freedom: number;
} {
  const total = parts.reduce((sum, [square]) => sum + square, 0);
  const weighted = parts.reduce((sum, [square, freedom]) => sum + square ** 2 / freedom, 0);
  return { error: Math.sqrt(total), freedom: total ** 2 / weighted };
}

/** The two-sided quantile: 2.776 for 0.95 and 4 degrees of freedom. */
export function studentQuantile(confidence: number, freedom: number): number {
  return jstat.studentt.inv(1 - (1 - confidence) / 2, freedom);
}
