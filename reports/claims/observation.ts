import type { Metric, MetricId } from '../../harness/types.js';
import type { Evidence } from '../analysis/cells.js';
import { comparisonWith } from '../analysis/comparisons.js';
import { isForeign } from '../analysis/judge.js';
import { lineRateOf } from '../analysis/line-rate.js';
import { metricOf, splitMetric } from '../model/measured.js';
import { ratioTo, relativePerformance } from '../analysis/normalize.js';
import type { Check } from './check.js';
import { mean } from '../statistics/descriptive.js';
import { differenceInterval, type Interval } from '../statistics/intervals.js';
import { isSameClock, seriesKey, summarize, type Series } from '../analysis/summarize.js';
import type { System } from '../model/types.js';

/** The quantity that a claim is about, as measured. */
export interface Observed {
  readonly center: number;
  readonly interval: Interval | null;
  /** A side; the smaller number of two. */
  readonly trials: number;
}

/** The claimed quantity of a series, or why it cannot be had. */
export function observe(check: Check, series: Series, evidence: Evidence): Observed | string {
  const { quantity } = check;
  const metric = metricOfSeries(series, evidence);
  if ('unit' in quantity && metric?.unit !== quantity.unit) return `${check.row} is not measured in ${quantity.unit}`;
  switch (quantity.kind) {
    case 'value':
      return scaledMean(series, metric, 1);
    case 'per-megabyte':
      return scaledMean(series, metric, quantity.megabytes);
    case 'line-rate': {
      const rate = lineRateOf([series.system], evidence.facts);
      return 'unknown' in rate ? rate.unknown : scaledMean(series, metric, rate.bitsPerSecond);
    }
    case 'off-request': {
      const requested = quantity.percentOfCpu * series.system.shape.cpus.length;
      return shifted(scaledMean(series, metric, 1), -requested);
    }
    case 'ratio':
    case 'relative':
    case 'loss':
    case 'difference':
      return compareWith(check, quantity, series, evidence);
  }
}

function metricOfSeries({ suite, metric }: Series, evidence: Evidence): Metric | undefined {
  return metricOf(`${suite}/${metric}`, evidence.measured);
}

function scaledMean(series: Series, metric: Metric | undefined, divisor: number): Observed {
  const { center, interval } = summarize(series, metric);
  return {
    center: center / divisor,
    interval: interval && { low: interval.low / divisor, high: interval.high / divisor },
    trials: series.values.length,
  };
}

function shifted({ center, interval, trials }: Observed, by: number): Observed {
  return { center: center + by, interval: interval && { low: interval.low + by, high: interval.high + by }, trials };
}

type Comparison = Extract<Check['quantity'], { readonly to: string }>;

function compareWith(check: Check, quantity: Comparison, series: Series, evidence: Evidence): Observed | string {
  const other = quantity.other ?? check;
  const to = quantity.to === check.of ? series.system : standIn(quantity.to, other.metric, evidence);
  const base = to && seriesOf(other.metric, to, evidence, series);
  if (base === undefined) return `no value of ${other.row} stands for ${quantity.to}`;
  if (!isSameClock(series, base)) {
    return `different clocks counted the CPU time of ${series.system.label} and ${base.system.label}`;
  }
  if (isForeign(series, base)) {
    return `${series.system.label} was measured on another machine than ${base.system.label}`;
  }
  const trials = Math.min(series.values.length, base.values.length);
  if (quantity.kind === 'difference') {
    const center = mean(series.values) - mean(base.values);
    const found = differenceInterval(series.values, base.values, [series.resolution, base.resolution]);
    return { center, interval: typeof found === 'string' ? null : found, trials };
  }
  const known = comparisonWith(undefined, evidence.comparisons).ratios.get(series);
  const ratio = known?.baseline === base ? known : ratioTo(series, base, evidence.loaded.trials);
  if (quantity.kind === 'ratio') return { center: ratio.center, interval: ratio.interval, trials };
  const relative = relativePerformance(ratio, metricOfSeries(series, evidence)?.better ?? 'higher');
  return quantity.kind === 'relative' ? { ...relative, trials } : { ...lossOf(relative), trials };
}

/** What is missing to the whole, in percent of it. */
function lossOf({ center, interval }: Pick<Observed, 'center' | 'interval'>): Pick<Observed, 'center' | 'interval'> {
  const lost = (relative: number): number => 100 * (1 - relative);
  return { center: lost(center), interval: interval && { low: lost(interval.high), high: lost(interval.low) } };
}

/**
 * The measured system that stands for a published column: one that has the metric, a real machine before an emulated one,
 * the paper profile before quick, measured before imported.
 */
export function standIn(column: string, metric: MetricId, evidence: Evidence): System | undefined {
  const candidates = evidence.systems.filter(
    (system) =>
      system.origin !== 'published' && system.counterpart?.how === 'reproduces' && system.counterpart.column === column,
  );
  const rank = (system: System): number =>
    (seriesOf(metric, system, evidence) === undefined ? 8 : 0) +
    (system.emulated ? 4 : 0) +
    (system.profile === 'paper' ? 0 : 2) +
    (system.origin === 'measured' ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
}

/**
 * The series of a metric on a system. Where its trials could not be pooled it is the one with the most trials, of those
 * that the same clock counted as the series `like` where there are any.
 */
export function seriesOf(metric: MetricId, system: System, evidence: Evidence, like?: Series): Series | undefined {
  const several = evidence.index.get(seriesKey(system, ...splitMetric(metric))) ?? [];
  const sameClock = several.filter((one) => like === undefined || isSameClock(one, like));
  return [...(sameClock.length === 0 ? several : sameClock)].sort((a, b) => b.values.length - a.values.length)[0];
}
