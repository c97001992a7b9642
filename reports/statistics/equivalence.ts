import type { Interval } from './intervals.js';

/** Margin of practical relevance around a published ratio: 5 %. */
export const MARGIN = 0.05;

/** More trials than this are not worth naming: the answer is then "no practical number". */
export const MAX_TRIALS = 10_000;

export type Equivalence =
  | { readonly verdict: 'reproduced' | 'contradicted' }
  | {
      readonly verdict: 'inconclusive';
      /** Trials a side that would decide it if the center stayed where it is; absent above `MAX_TRIALS`. */
      readonly trials?: number;
    };

/** The band of a published value: `value` ± `margin` of its size. */
export function bandAround(value: number, margin = MARGIN): Interval {
  const half = Math.abs(value) * margin;
  return { low: value - half, high: value + half };
}

/**
 * Holds an interval against a band: wholly inside is `reproduced`, wholly outside `contradicted`, else `inconclusive`.
 * `trials` is the smaller number of trials behind the interval; its width is taken to shrink with the root of it.
 */
export function judgeInterval(center: number, interval: Interval, band: Interval, trials: number): Equivalence {
  if (interval.low >= band.low && interval.high <= band.high) return { verdict: 'reproduced' };
  if (interval.high < band.low || interval.low > band.high) return { verdict: 'contradicted' };
  const needed = Math.ceil(trials * shrinkage(center, interval, band) ** 2);
  // What did not decide with these trials needs at least one more, whatever rounding says.
  return needed <= MAX_TRIALS
    ? { verdict: 'inconclusive', trials: Math.max(needed, trials + 1) }
    : { verdict: 'inconclusive' };
}

/** How many times narrower the interval must become for its nearest offending end to clear the band's edge. */
function shrinkage(center: number, interval: Interval, band: Interval): number {
  const below = center - interval.low;
  const above = interval.high - center;
  if (center > band.high) return below / (center - band.high);
  if (center < band.low) return above / (band.low - center);
  return Math.max(below / (center - band.low), above / (band.high - center));
}
