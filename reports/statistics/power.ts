import jstat from 'jstat';
import { mean } from './descriptive.js';
import { MAX_TRIALS } from './equivalence.js';
import { CONFIDENCE, MIN_TRIALS, spreadOf, studentInterval, studentQuantile } from './intervals.js';

/** The usual probability of detecting a real difference (Cohen, "Statistical Power Analysis", 1988). */
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

/** How much one system spreads when it is measured twice, as parts of the mean. */
export interface Noise {
  /** Standard deviation of single trials, pooled over both sides. */
  readonly variation: number;
  /** What the two means, which should be equal, differ by. */
  readonly apart: number;
}

/**
 * The noise of a system that was measured twice. `resolution` is the step between values that the tool can print; 0 where
 * it is unknown. Undefined with fewer than three values a side, or around zero.
 */
export function noiseOfTwo(a: ArrayLike<number>, b: ArrayLike<number>, resolution = 0): Noise | undefined {
  if (a.length < MIN_TRIALS || b.length < MIN_TRIALS) return undefined;
  const center = (mean(a) + mean(b)) / 2;
  if (center === 0) return undefined;
  const [squaresA, squaresB] = [(a.length - 1) * spreadOf(a, resolution), (b.length - 1) * spreadOf(b, resolution)];
  const pooled = (squaresA + squaresB) / (a.length + b.length - 2);
  return { variation: Math.sqrt(pooled) / Math.abs(center), apart: Math.abs(mean(a) - mean(b)) / Math.abs(center) };
}

/**
 * The smallest relative difference that `n` and `m` trials of a system with this noise resolve: what a t test with as many
 * trials sees with probability `POWER`, and never less than what the two sides of the noise run differ by. Undefined with
 * fewer than three trials a side.
 */
export function smallestDifference({ variation, apart }: Noise, n: number, m: number): number | undefined {
  if (n < MIN_TRIALS || m < MIN_TRIALS) return undefined;
  return Math.max(detection(n + m - 2) * variation * Math.sqrt(1 / n + 1 / m), apart);
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
