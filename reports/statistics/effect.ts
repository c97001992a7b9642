import { areFinite, mean, variance } from './descriptive.js';

/**
 * Hedges' g: the difference of means `a - b` in pooled standard deviations, with the correction for small samples
 * 1 - 3 / (4 f - 1), f = n1 + n2 - 2 (Hedges, Journal of Educational Statistics 6, 1981). Undefined when a side has fewer
 * than two values, neither side varies, or a value is not finite.
 */
export function hedgesG(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length < 2 || b.length < 2 || !areFinite(a) || !areFinite(b)) return undefined;
  const freedom = a.length + b.length - 2;
  const pooled = ((a.length - 1) * variance(a) + (b.length - 1) * variance(b)) / freedom;
  if (pooled === 0) return undefined;
  return ((mean(a) - mean(b)) / Math.sqrt(pooled)) * (1 - 3 / (4 * freedom - 1));
}

/**
 * Cliff's delta: how much oftener a value of `a` exceeds one of `b` than the reverse, from -1 to 1 (Psychological
 * Bulletin 114, 1993). O((m + n) log n). Undefined when a side is empty or a value is not
 * finite.
 */
export function cliffsDelta(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length === 0 || b.length === 0 || !areFinite(a) || !areFinite(b)) return undefined;
  const sorted = Float64Array.from(b).sort();
  let balance = 0;
  for (let index = 0; index < a.length; index += 1) {
    const value = a[index] as number;
    balance += countBelow(sorted, value, false) - (sorted.length - countBelow(sorted, value, true));
  }
  return balance / (a.length * b.length);
}

/** How many ascending values are below `value`, or below or equal. */
function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle] as number;
    if (at < value || (orEqual && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
