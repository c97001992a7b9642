import { MARGIN } from '../statistics/equivalence.js';
import type { Interval } from '../statistics/intervals.js';

/*
 * What the numbers and words of sentences mean, once for all claims. Percentages and points are given as printed.
 */

/**
 * How far from a printed number still counts as it: half a unit of its last digit, which printing rounds away, or the margin
 * of practical relevance, whichever is more. So "1 %" is 0.5 to 1.5 and "39 %" is 37.05 to 40.95.
 */
function tolerance(printed: number, unit = 1): number {
  return Math.max(unit / 2, MARGIN * Math.abs(printed));
}

/** "19", "39 %", "about 2". `unit` is that of the last digit printed. */
export function about(printed: number, unit = 1): Interval {
  return between(printed, printed, unit);
}

/** "25-35 %". */
export function between(low: number, high: number, unit = 1): Interval {
  return { low: low - tolerance(low, unit), high: high + tolerance(high, unit) };
}

/** "Within 1 %": at most so far from 0, in either direction, with the same tolerance as "about". */
export function within(printed: number, unit = 1): Interval {
  const most = printed + tolerance(printed, unit);
  return { low: -most, high: most };
}

/** "Up to 40 %" of something that need not be reached there. */
export function upTo(printed: number, unit = 1): Interval {
  return { low: -Infinity, high: printed + tolerance(printed, unit) };
}

/** "At least approximately 2". */
export function orMore(printed: number, unit = 1): Interval {
  return { low: printed - tolerance(printed, unit), high: Infinity };
}

/** Percent more than 1, as a ratio: 4 is 1.04. */
export function asExcess({ low, high }: Interval): Interval {
  return { low: 1 + low / 100, high: 1 + high / 100 };
}

/** Percent less than 1, as a ratio: 4 is 0.96. */
export function asShortfall({ low, high }: Interval): Interval {
  return { low: 1 - high / 100, high: 1 - low / 100 };
}

/** Percent of 1, as a ratio: 60 is 0.6. */
export function asPart({ low, high }: Interval): Interval {
  return { low: low / 100, high: high / 100 };
}

/** "Identical", "equal", "comparable", "indistinguishable", "compares closely", "can achieve just as": within the margin. */
export const EQUAL: Interval = { low: 1 - MARGIN, high: 1 + MARGIN };
/** "Improves", "outperforms", "greater", "exceeds", a "penalty" in time. */
export const ABOVE: Interval = { low: 1, high: Infinity };
/** "Falls", "less", "worse", "reduced". */
export const BELOW: Interval = { low: -Infinity, high: 1 };
/** "Does not improve": the same or less. */
export const NOT_ABOVE: Interval = { low: -Infinity, high: 1 + MARGIN };
/** "Little overhead" in time: none that matters. */
export const LITTLE_MORE: Interval = { low: -Infinity, high: 1 + MARGIN };
/** "Very large" jump: more than the margin. */
export const CLEARLY_ABOVE: Interval = { low: 1 + MARGIN, high: Infinity };
/** "Significantly slower": by more than the margin. */
export const CLEARLY_BELOW: Interval = { low: -Infinity, high: 1 - MARGIN };
/** "Slightly exceeds": above, by a tenth at most. */
export const SLIGHTLY_ABOVE: Interval = { low: 1, high: 1.1 };
/** "Modestly greater": above, by a quarter at most. */
export const MODESTLY_ABOVE: Interval = { low: 1, high: 1.25 };
/** "Almost double", "nearly 2x": not more than twice, and nearer to it than a tenth. */
export const ALMOST_DOUBLE: Interval = { low: 1.8, high: 2 };
/** "The majority", in percent of all. */
export const MAJORITY: Interval = { low: 50.000_001, high: 100 };
/** Line rate as TCP's payload has it: with an MTU of 1500 bytes it is 94 % of the link's speed. */
export const LINE_RATE: Interval = { low: 0.9, high: 1 };
export const BELOW_LINE_RATE: Interval = { low: -Infinity, high: 0.9 };
/** "Just over 70 %". */
export const JUST_OVER_70: Interval = { low: 70, high: 75 };
/** One CPU that is never idle, with the error of the accounting. */
export const SATURATED: Interval = { low: 95, high: 105 };
