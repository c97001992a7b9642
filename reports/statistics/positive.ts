import { mean } from './descriptive.js';
import {
  CONFIDENCE,
  MIN_TRIALS,
  satterthwaite,
  spreadOf,
  studentQuantile,
  type Interval,
  type NoInterval,
} from './intervals.js';

/**
 * The mean of a positive quantity and its relative standard error, from independent observations. On the scale of
 * logarithms errors add, so that ratios, losses and gains of such means have intervals that are always positive.
 */
export interface PositiveMean {
  readonly center: number;
  /** Standard error of the mean over the mean: the delta-method standard error of its logarithm. */
  readonly error: number;
  /** Degrees of freedom of `error`. */
  readonly freedom: number;
}

/**
 * The mean of observations with its relative standard error s / (sqrt(n) mean). `resolution` is the step between values
 * that the tool can print, in the unit of the values: the variance is never taken to be below that of rounding to it, so
 * that equal values do not have a width of zero. Equal values of unknown resolution have no interval.
 */
export function positiveMean(values: ArrayLike<number>, resolution = 0): PositiveMean | NoInterval {
  if (values.length < MIN_TRIALS) return 'too few';
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!(value > 0) || !Number.isFinite(value)) return 'not positive';
  }
  const center = mean(values);
  const spread = spreadOf(values, resolution);
  if (spread === 0) return 'no spread';
  return { center, error: Math.sqrt(spread / values.length) / center, freedom: values.length - 1 };
}

/**
 * A mean that was published with its number of runs and their standard deviation, by the divisor that this has: with n, s is
 * sd * sqrt(n / (n - 1)).
 */
export function publishedMean(
  center: number,
  { runs, sd, divisor }: { readonly runs: number; readonly sd: number; readonly divisor: 'n' | 'n-1' },
): PositiveMean | NoInterval {
  if (runs < MIN_TRIALS) return 'too few';
  if (!(center > 0)) return 'not positive';
  if (!(sd > 0)) return 'no spread';
  const squares = divisor === 'n' ? runs - 1 : runs;
  return { center, error: sd / Math.sqrt(squares) / center, freedom: runs - 1 };
}

/** Interval of one mean: center * exp(± t error), the log-scale form of Student's interval. Always positive. */
export function positiveInterval(one: PositiveMean): Interval {
  return around(one.center, studentQuantile(CONFIDENCE, one.freedom) * one.error);
}

/**
 * A ratio of independent means with its relative standard error, which is that of a `PositiveMean` again:
 * sqrt(e1^2 + e2^2), with the degrees of freedom of Satterthwaite (1946). `positiveInterval` of it is the delta-method
 * interval r exp(± t sqrt(s1^2 / (n1 m1^2) + s2^2 / (n2 m2^2))).
 */
export function ratioOf(top: PositiveMean, bottom: PositiveMean): PositiveMean {
  return {
    center: top.center / bottom.center,
    ...satterthwaite([top.error ** 2, top.freedom], [bottom.error ** 2, bottom.freedom]),
  };
}

/** The reciprocal: relative errors stay what they are. */
export function reciprocal(one: PositiveMean): PositiveMean {
  return { ...one, center: 1 / one.center };
}

/** Geometric mean of independent means, with the error of the mean of their logarithms. Throws on none. */
export function geometricMean(all: readonly PositiveMean[]): PositiveMean {
  if (all.length === 0) throw new RangeError('the geometric mean of nothing');
  const { error, freedom } = satterthwaite(...all.map((one) => [one.error ** 2, one.freedom] as const));
  return {
    center: Math.exp(all.reduce((sum, { center }) => sum + Math.log(center), 0) / all.length),
    error: error / all.length,
    freedom,
  };
}

function around(center: number, half: number): Interval {
  return { low: center * Math.exp(-half), high: center * Math.exp(half) };
}
