/** Arithmetic mean; at least one value. Throws a `RangeError` on none, because there is no number that means "none". */
export function mean(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('the mean of no values');
  // Deviations from the first value are summed, so that large equal offsets cost no digits.
  const origin = values[0] as number;
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += (values[index] as number) - origin;
  return origin + sum / values.length;
}

/** Unbiased sample variance (divisor n - 1), two passes; at least two values. */
export function variance(values: ArrayLike<number>): number {
  if (values.length < 2) throw new RangeError('the variance of fewer than two values');
  const center = mean(values);
  let squares = 0;
  for (let index = 0; index < values.length; index += 1) squares += ((values[index] as number) - center) ** 2;
  return squares / (values.length - 1);
}

/** Whether all values are finite numbers: nothing is computed from others, because NaN compares with nothing. */
export function areFinite(values: ArrayLike<number>): boolean {
  for (let index = 0; index < values.length; index += 1) if (!Number.isFinite(values[index])) return false;
  return true;
}

/** Sample standard deviation (divisor n - 1); at least two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  return Math.sqrt(variance(values));
}

/**
 * The `p` quantile (0 to 1) of ascending values, linear between order statistics: definition 7 of Hyndman and Fan,
 * "Sample Quantiles in Statistical Packages" (The American Statistician 50, 1996).
 */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) throw new RangeError('a quantile of no values');
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}
