import type { MetricId } from '../harness/types.js';
import { splitMetric, type Evidence } from './cells.js';
import { isForeign } from './judge.js';
import { lineRateOf } from './line-rate.js';
import { ratios, relativePerformance } from './normalize.js';
import type { Check } from './reference/checks.js';
import { mean } from './statistics/descriptive.js';
import { differenceInterval, meanInterval, type Interval } from './statistics/intervals.js';
import { seriesKey, type Series } from './summarize.js';
import type { System } from './types.js';

/** The quantity that a claim is about, as measured. */
export interface Observed {
  readonly center: number;
  readonly interval: Interval | null;
  /** A side; the smaller number of two. */
  readonly trials: number;
}

/** The claimed quantity of a series, or why it cannot be had. */
export function observe(check: Check, series: Series, evidence: Evidence, seed: string): Observed | string {
  const { quantity } = check;
  const metric = metricOf(series, evidence);
  if ('unit' in quantity && metric?.unit !== quantity.unit) return `${check.row} is not measured in ${quantity.unit}`;
  switch (quantity.kind) {
    case 'value':
      return scaledMean(series, 1);
    case 'per-megabyte':
      return scaledMean(series, quantity.megabytes);
    case 'line-rate': {
      const rate = lineRateOf([series.system], evidence.facts);
      return 'unknown' in rate ? rate.unknown : scaledMean(series, rate.bitsPerSecond);
    }
    case 'ratio':
    case 'relative':
    case 'difference':
      return compareWith(check, quantity, series, evidence, seed);
  }
}

function metricOf(series: Series, evidence: Evidence): Evidence['suites'][number]['metrics'][string] | undefined {
  return evidence.suites.find((suite) => suite.id === series.suite)?.metrics[series.metric];
}

function scaledMean({ values }: Series, divisor: number): Observed {
  const whole = meanInterval(values);
  const interval = whole === undefined ? null : { low: whole.low / divisor, high: whole.high / divisor };
  return { center: mean(values) / divisor, interval, trials: values.length };
}

type Comparison = Extract<Check['quantity'], { readonly to: string }>;

function compareWith(
  check: Check,
  quantity: Comparison,
  series: Series,
  evidence: Evidence,
  seed: string,
): Observed | string {
  const to = standIn(quantity.to, check.metric, evidence);
  const base = to && seriesOf(check.metric, to, evidence);
  if (base === undefined) return `no value of ${check.row} stands for ${quantity.to}`;
  if (isForeign(series, base)) {
    return `${series.system.label} was measured on another machine than ${base.system.label}`;
  }
  const trials = Math.min(series.values.length, base.values.length);
  if (quantity.kind === 'difference') {
    const center = mean(series.values) - mean(base.values);
    return { center, interval: differenceInterval(series.values, base.values) ?? null, trials };
  }
  const known = evidence.ratios.get(series);
  const ratio = known?.baseline === base ? known : ratios([{ series, baseline: base }], seed).get(series);
  if (ratio === undefined) return 'no ratio';
  if (quantity.kind === 'ratio') return { center: ratio.center, interval: ratio.interval, trials };
  const better = metricOf(series, evidence)?.better ?? 'higher';
  return { ...relativePerformance(ratio, better), trials };
}

/**
 * The measured system that stands for a published column: one that has the metric, measured before imported, the paper
 * profile before quick.
 */
export function standIn(column: string, metric: MetricId, evidence: Evidence): System | undefined {
  const candidates = evidence.systems.filter(
    (system) =>
      system.origin !== 'published' && system.counterpart?.how === 'stands' && system.counterpart.column === column,
  );
  const rank = (system: System): number =>
    (seriesOf(metric, system, evidence) === undefined ? 4 : 0) +
    (system.profile === 'paper' ? 0 : 2) +
    (system.origin === 'measured' ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
}

/** The series of a metric on a system; the one with the most trials where they could not be pooled. */
export function seriesOf(metric: MetricId, system: System, evidence: Evidence): Series | undefined {
  const several = evidence.index.get(seriesKey(system, ...splitMetric(metric))) ?? [];
  return [...several].sort((a, b) => b.values.length - a.values.length)[0];
}
