import type { Interval } from './intervals.js';

/** Margin of practical relevance around a published ratio: 5 %. */
export const MARGIN = 0.05;

/** More trials than this are not worth naming: the answer is then "no practical number". */
export const MAX_TRIALS = 10_000;

/** The band of a published value: `value` ± `margin` of its size. */
export function bandAround(value: number, margin = MARGIN): Interval {
  const half = Math.abs(value) * margin;
  return { low: value - half, high: value + half };
}

export function isInside(interval: Interval, band: Interval): boolean {
  return interval.low >= band.low && interval.high <= band.high;
}

/** Whether they have no value in common. */
export function isOutside(interval: Interval, band: Interval): boolean {
  return interval.high < band.low || interval.low > band.high;
}
