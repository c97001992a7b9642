import { mean } from './descriptive.js';
import { spreadOf, type NoInterval } from './intervals.js';
import type { PositiveMean } from './positive.js';

/** Fewer complete blocks than this give no paired analysis: it has only half of the degrees of freedom. */
export const MIN_BLOCKS = 5;

/**
 * Geometric mean of the ratios within pairs, top over bottom, with Student's error of the mean of their logarithms: what is
 * common to a pair cancels. `resolutions` are the steps between values that the tool can print, of tops and bottoms; 0
 * where one is unknown.
 */
export function pairedRatio(
  pairs: readonly (readonly [top: number, bottom: number])[],
  resolutions: readonly [number, number] = [0, 0],
): PositiveMean | NoInterval {
  if (pairs.length < MIN_BLOCKS) return 'too few';
  if (!pairs.flat().every((value) => value > 0 && Number.isFinite(value))) return 'not positive';
  const logs = pairs.map(([top, bottom]) => Math.log(top / bottom));
  const relative = ([0, 1] as const).map((side) => resolutions[side] / mean(pairs.map((pair) => pair[side])));
  const spread = spreadOf(logs, Math.hypot(...relative));
  if (spread === 0) return 'no spread';
  return { center: Math.exp(mean(logs)), error: Math.sqrt(spread / logs.length), freedom: logs.length - 1 };
}
