import jstat from 'jstat';
import { mean, variance } from './descriptive.js';
import { MAX_TRIALS } from './equivalence.js';
import { CONFIDENCE, MIN_TRIALS, studentInterval, studentQuantile } from './intervals.js';

/** The usual chance of seeing a difference that is there (Cohen, "Statistical Power Analysis", 1988). */
export const POWER = 0.8;

/**
 * Trials a side with which a two-sided t test at 1 - `CONFIDENCE` sees a relative difference with probability `POWER`,
 * where single trials spread by `variation` (standard deviation over mean). The smallest n that satisfies
 * n >= 2 (t(0.975, 2n - 2) + t(0.8, 2n - 2))^2 (variation / difference)^2. Undefined above `MAX_TRIALS`.
 */
export function trialsToResolve(variation: number, difference: number): number | undefined {
  const enough = (n: number): boolean => n >= 2 * (detection(2 * n - 2) * (variation / difference)) ** 2;
  if (!(difference > 0) || !Number.isFinite(variation) || !enough(MAX_TRIALS)) return undefined;
  // What is needed falls as n grows, because the quantiles do: the first n that is enough can be searched for by halves.
  let [low, high] = [MIN_TRIALS, MAX_TRIALS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The smallest relative difference that trials like these resolve, from the same system measured twice: what a t test
 * with as many trials would see with probability `POWER`, and never less than what the two sides, which should be equal,
 * differ by. Undefined with fewer than three values a side, or around zero.
 */
export function smallestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length < MIN_TRIALS || b.length < MIN_TRIALS) return undefined;
  const center = (mean(a) + mean(b)) / 2;
  if (center === 0) return undefined;
  const freedom = a.length + b.length - 2;
  const pooled = ((a.length - 1) * variance(a) + (b.length - 1) * variance(b)) / freedom;
  const error = Math.sqrt(pooled * (1 / a.length + 1 / b.length));
  return Math.max(detection(freedom) * error, Math.abs(mean(a) - mean(b))) / Math.abs(center);
}

/**
 * Width of Student's 95 % interval of the mean over the mean, by which a run decides whether it is precise enough; 0 where
 * all values are equal. Undefined for fewer than three values, or around zero.
 */
export function relativeWidth(values: ArrayLike<number>): number | undefined {
  const interval = studentInterval(values);
  const center = mean(values);
  if (interval === 'too few' || center === 0) return undefined;
  return interval === 'no spread' ? 0 : (interval.high - interval.low) / Math.abs(center);
}

/** How many standard errors apart two means must be to be distinguished with probability `POWER`. */
function detection(freedom: number): number {
  return studentQuantile(CONFIDENCE, freedom) + jstat.studentt.inv(POWER, freedom);
}
