import jstat from 'jstat';
import { MAX_TRIALS } from './equivalence.js';
import { studentQuantile, type Interval } from './intervals.js';
import type { PositiveMean } from './positive.js';

/** A quantity with its standard error, on the scale on which the error is symmetric. */
export interface Estimate {
  /** `log`: `error` is relative to `center`, which is positive. `linear`: in the unit of `center`. */
  readonly scale: 'log' | 'linear';
  readonly center: number;
  readonly error: number;
  readonly freedom: number;
  /** Independent observations behind it; of two sides the smaller number. */
  readonly trials: number;
}

/** A quantity that a band is compared with. */
export interface Observed {
  readonly center: number;
  readonly trials: number;
  /** Its interval at a confidence between 0 and 1; null where the trials give none. */
  readonly interval: (confidence: number) => Interval | null;
  /**
   * Trials a side with which an interval of this confidence would be inside the band, or outside, with this probability
   * if center and spread are what they were; undefined where no practical number would, or where none can be computed.
   */
  readonly trialsToDecide: (band: Interval, confidence: number, power: number) => number | undefined;
}

/** A quantity that follows from an estimated one, strictly rising or falling with it. */
export interface Transform {
  readonly to: (estimated: number) => number;
  readonly from: (shown: number) => number;
}

const IDENTITY: Transform = { to: (value) => value, from: (value) => value };

export function positiveEstimate(mean: PositiveMean, trials: number): Estimate {
  return { scale: 'log', ...mean, trials };
}

/** The observed form of an estimate, or of what follows from it. Intervals are cut at what is possible for the estimate. */
export function observe(
  estimate: Estimate,
  { to, from }: Transform = IDENTITY,
  possible: Interval = { low: -Infinity, high: Infinity },
): Observed {
  return {
    center: to(estimate.center),
    trials: estimate.trials,
    interval: (confidence) => {
      const { low, high } = intervalOf(estimate, confidence);
      const cut = { low: Math.max(possible.low, low), high: Math.min(possible.high, high) };
      return ordered(mapped(cut, to));
    },
    trialsToDecide: (band, confidence, power) =>
      trialsToDecide(estimate, ordered(mapped(band, from)), confidence, power),
  };
}

/** A quantity without an interval: too few trials, or no spread. */
export function withoutInterval(center: number, trials: number): Observed {
  return { center, trials, interval: () => null, trialsToDecide: () => undefined };
}

/** A quantity that is known to lie between two ends, without error: a published value, bound or band. */
export function exactly(interval: Interval): Observed {
  const finite = [interval.low, interval.high].filter(Number.isFinite);
  const center = finite.length === 0 ? Number.NaN : finite.reduce((sum, end) => sum + end, 0) / finite.length;
  return { center, trials: 0, interval: () => interval, trialsToDecide: () => undefined };
}

/**
 * The largest of several quantities, as a simultaneous interval: each of them at 1 - (1 - confidence) / number (Bonferroni),
 * then the largest low and the largest high end.
 */
export function greatest(parts: readonly Observed[]): Observed {
  return {
    center: Math.max(...parts.map(({ center }) => center)),
    trials: Math.min(...parts.map(({ trials }) => trials)),
    interval: (confidence) => {
      const each = parts.flatMap((part) => part.interval(1 - (1 - confidence) / parts.length) ?? []);
      if (each.length < parts.length) return null;
      return { low: Math.max(...each.map(({ low }) => low)), high: Math.max(...each.map(({ high }) => high)) };
    },
    trialsToDecide: () => undefined,
  };
}

/** The size of a quantity that may be negative. */
export function magnitude(signed: Observed): Observed {
  return {
    ...signed,
    center: Math.abs(signed.center),
    interval: (confidence) => {
      const interval = signed.interval(confidence);
      if (interval === null) return null;
      const [low, high] = [Math.abs(interval.low), Math.abs(interval.high)];
      const crosses = interval.low <= 0 && interval.high >= 0;
      return { low: crosses ? 0 : Math.min(low, high), high: Math.max(low, high) };
    },
    trialsToDecide: () => undefined,
  };
}

/**
 * Of several quantities, the percentage above 1, as a simultaneous interval (Bonferroni): those whose interval is above 1
 * count for the low end, those whose interval reaches above 1 for the high end.
 */
export function shareAboveOne(parts: readonly Observed[]): Observed {
  const percent = (count: number): number => (100 * count) / parts.length;
  return {
    center: percent(parts.filter(({ center }) => center > 1).length),
    trials: Math.min(...parts.map(({ trials }) => trials)),
    interval: (confidence) => {
      const each = parts.flatMap((part) => part.interval(1 - (1 - confidence) / parts.length) ?? []);
      if (each.length < parts.length) return null;
      const count = (test: (interval: Interval) => boolean): number => percent(each.filter(test).length);
      return { low: count(({ low }) => low > 1), high: count(({ high }) => high > 1) };
    },
    trialsToDecide: () => undefined,
  };
}

function intervalOf({ scale, center, error, freedom }: Estimate, confidence: number): Interval {
  const half = studentQuantile(confidence, freedom) * error;
  return scale === 'log'
    ? { low: center * Math.exp(-half), high: center * Math.exp(half) }
    : { low: center - half, high: center + half };
}

function mapped({ low, high }: Interval, map: (value: number) => number): Interval {
  return { low: map(low), high: map(high) };
}

function ordered({ low, high }: Interval): Interval {
  return low <= high ? { low, high } : { low: high, high: low };
}

/** The smallest such number above that of the estimate: the probability rises with it, so it is searched for by halves. */
function trialsToDecide(estimate: Estimate, band: Interval, confidence: number, power: number): number | undefined {
  const enough = (trials: number): boolean => chanceOfDecision(estimate, band, confidence, trials) >= power;
  if (!enough(MAX_TRIALS)) return undefined;
  let [low, high] = [estimate.trials + 1, MAX_TRIALS];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Probability that the interval from so many trials a side is inside the band, or outside, if the center is the truth. */
function chanceOfDecision(estimate: Estimate, band: Interval, confidence: number, trials: number): number {
  const { scale, center } = estimate;
  const error = estimate.error * Math.sqrt(estimate.trials / trials);
  const freedom = (estimate.freedom * (trials - 1)) / (estimate.trials - 1);
  const quantile = studentQuantile(confidence, freedom);
  const apart = (from: number, to: number): number => (scale === 'log' ? Math.log(to / from) : to - from) / error;
  const clears = (distance: number): number => (distance === Infinity ? 1 : exceedance(quantile, freedom, distance));
  if (center > band.high) return clears(apart(band.high, center));
  if (center < band.low) return clears(apart(center, band.low));
  const below = scale === 'log' && band.low <= 0 ? Infinity : apart(band.low, center);
  return clears(below) + clears(apart(center, band.high)) - 1;
}

/** P(T > t) of the noncentral t distribution: the normal approximation of Johnson and Welch (Biometrika 31, 1940). */
function exceedance(t: number, freedom: number, noncentrality: number): number {
  const z = (noncentrality - t * (1 - 1 / (4 * freedom))) / Math.sqrt(1 + t ** 2 / (2 * freedom));
  return jstat.normal.cdf(z, 0, 1);
}
