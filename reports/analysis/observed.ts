import type { Metric } from '../../harness/types.js';
import { mean } from '../statistics/descriptive.js';
import { MIN_TRIALS, satterthwaite, spreadOf } from '../statistics/intervals.js';
import { observe, positiveEstimate, withoutInterval, type Observed, type Transform } from '../statistics/observed.js';
import { ratioOf } from '../statistics/positive.js';
import { estimateOf, possibleValues, type Series } from './summarize.js';

/**
 * The mean of a series, or what follows from it, as bands are compared with it. At `CONFIDENCE` its interval is that of
 * `summarize`.
 */
export function observedMean(
  series: Series,
  metric: Pick<Metric, 'share'> | undefined,
  transform?: Transform,
): Observed {
  const { values, resolution } = series;
  const trials = values.length;
  const positive = metric?.share === undefined ? estimateOf(series) : 'not positive';
  if (typeof positive === 'object') return observe(positiveEstimate(positive, trials), transform);
  const center = mean(values);
  const none = withoutInterval(transform === undefined ? center : transform.to(center), trials);
  if (positive !== 'not positive' || trials < MIN_TRIALS) return none;
  const spread = spreadOf(values, resolution);
  if (spread === 0) return none;
  const estimate = { scale: 'linear', center, error: Math.sqrt(spread / trials), freedom: trials - 1, trials } as const;
  return observe(estimate, transform, possibleValues(series, metric?.share));
}

/** The mean of a series over that of another, or what follows from it. Both cells and claims are judged by it. */
export function observedRatio(series: Series, base: Series, transform?: Transform): Observed {
  const trials = Math.min(series.values.length, base.values.length);
  const [top, bottom] = [estimateOf(series), estimateOf(base)];
  if (typeof top === 'string' || typeof bottom === 'string') {
    const center = mean(series.values) / mean(base.values);
    return withoutInterval(transform === undefined ? center : transform.to(center), trials);
  }
  return observe(positiveEstimate(ratioOf(top, bottom), trials), transform);
}

/** The mean of a series less that of another, by Welch's error. */
export function observedDifference(series: Series, base: Series): Observed {
  const center = mean(series.values) - mean(base.values);
  const trials = Math.min(series.values.length, base.values.length);
  if (trials < MIN_TRIALS) return withoutInterval(center, trials);
  const parts = [series, base].map(({ values, resolution }): [number, number] => [
    spreadOf(values, resolution) / values.length,
    values.length - 1,
  ]);
  if (parts.every(([square]) => square === 0)) return withoutInterval(center, trials);
  return observe({ scale: 'linear', center, ...satterthwaite(...parts), trials });
}
