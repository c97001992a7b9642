import type { Evidence } from '../analysis/cells.js';
import { comparisonWith } from '../analysis/comparisons.js';
import { observedMean, observedRatio } from '../analysis/observed.js';
import { absence } from '../analysis/tally.js';
import { estimateOf, seriesKey, type Series } from '../analysis/summarize.js';
import { benchmarkKey } from '../read/load.js';
import type { BarDefinition, ScatterDefinition } from '../model/exhibit.js';
import { metricOf, splitMetric } from '../model/measured.js';
import type { Coordinate, CoordinateInput, ScatterPoint } from '../model/scatter.js';
import type { System } from '../model/types.js';
import { relativePerformance, type Ratio } from '../analysis/normalize.js';
import { whyNoRatio } from '../narrative/notes.js';
import { CONFIDENCE, type Interval } from '../statistics/intervals.js';
import { greatest, magnitude, type Observed, type Transform } from '../statistics/observed.js';
import { geometricMean, positiveInterval, ratioOf, reciprocal, type PositiveMean } from '../statistics/positive.js';

/** Where a measured system is in a figure of points, and what its coordinates are made of. */
export function placeSystem(definition: ScatterDefinition, system: System, evidence: Evidence): ScatterPoint {
  const gains = definition.efficiency.map((bar) => relativeOf(bar, system, evidence));
  const losses = [
    ...definition.losses.map((bar) => lossOf(bar, system, evidence)),
    ...definition.shares.map((share) => deviationOf(share, system, evidence)),
  ];
  return {
    label: system.label,
    system: system.key,
    y: efficiency(gains),
    x: isolation(losses),
    inputs: [...gains.map((one) => one.input), ...losses.map((one) => one.input)],
  };
}

/** An input, and what its coordinate is computed from; undefined where it has no value. */
interface Part<Of> {
  readonly input: CoordinateInput;
  readonly value: Of | undefined;
}

interface Relative {
  readonly center: number;
  /** Undefined without an interval: of the baseline itself, and of too few trials. */
  readonly estimate: PositiveMean | undefined;
}

/**
 * 100 exp(mean of the logarithms of the relative performances), with the delta-method interval on the scale of logarithms:
 * its squared error is the sum of those of all means, of systems and baseline, over the squared number of benchmarks, with
 * the degrees of freedom of Satterthwaite.
 */
function efficiency(parts: readonly Part<Relative>[]): Coordinate {
  const known = parts.flatMap(({ value }) => value ?? []);
  if (known.length < parts.length) return missing(parts);
  const estimates = known.flatMap(({ estimate }) => estimate ?? []);
  const center = Math.exp(known.reduce((sum, one) => sum + Math.log(one.center), 0) / known.length);
  const interval = estimates.length < known.length ? null : positiveInterval(geometricMean(estimates));
  return {
    state: 'value',
    value: 100 * center,
    low: interval && 100 * interval.low,
    high: interval && 100 * interval.high,
  };
}

/** 100 minus the largest loss, with its simultaneous interval (Bonferroni over the losses). */
function isolation(parts: readonly Part<Observed>[]): Coordinate {
  const known = parts.flatMap(({ value }) => value ?? []);
  if (known.length < parts.length) return missing(parts);
  const worst = greatest(known);
  const interval = worst.interval(CONFIDENCE);
  return {
    state: 'value',
    value: 100 - worst.center,
    low: interval && 100 - interval.high,
    high: interval && 100 - interval.low,
  };
}

function missing(parts: readonly Part<unknown>[]): Coordinate {
  return {
    state: 'missing',
    missing: parts.flatMap(({ input }) => ('why' in input ? [`${input.label} (${input.why})`] : [])),
  };
}

function relativeOf(bar: BarDefinition, system: System, evidence: Evidence): Part<Relative> {
  const found = ratioIn(bar, system, evidence);
  const head = { metric: bar.metric, label: bar.label, axis: 'y' } as const;
  if (typeof found === 'string') return { input: { ...head, why: found }, value: undefined };
  const { series, ratio } = found;
  const better = metricOf(bar.metric, evidence.measured)?.better ?? 'higher';
  const { center, interval } = relativePerformance(ratio, better);
  const [own, base] = [estimateOf(series), estimateOf(ratio.baseline)];
  const known = series !== ratio.baseline && typeof own === 'object' && typeof base === 'object';
  const estimate = known ? ratioOf(own, base) : undefined;
  return {
    input: { ...head, ...percent(100 * center, interval && scaled(interval, (end) => 100 * end)) },
    value: { center, estimate: estimate && (better === 'lower' ? reciprocal(estimate) : estimate) },
  };
}

const LOSS: Transform = { to: (ratio) => 100 * (1 - ratio), from: (lost) => 1 - lost / 100 };

function lossOf(bar: BarDefinition, system: System, evidence: Evidence): Part<Observed> {
  const found = ratioIn(bar, system, evidence);
  const head = { metric: bar.metric, label: bar.label, axis: 'x' } as const;
  if (typeof found === 'string') return { input: { ...head, why: found }, value: undefined };
  const value = observedRatio(found.series, found.ratio.baseline, LOSS);
  return { input: { ...head, ...percent(value.center, value.interval(CONFIDENCE)) }, value };
}

function deviationOf(
  { metric, label, request }: ScatterDefinition['shares'][number],
  system: System,
  evidence: Evidence,
): Part<Observed> {
  const head = { metric, label, axis: 'x' } as const;
  const [series] = seriesAt(metric, system, evidence);
  if (series === undefined) return { input: { ...head, why: whyAbsent(metric, system, evidence) }, value: undefined };
  const requested = request.of === 'cpu' ? request.percent * system.shape.cpus.length : request.percent;
  const value = magnitude(
    observedMean(series, metricOf(metric, evidence.measured), {
      to: (share) => 100 * (share / requested - 1),
      from: (off) => requested * (1 + off / 100),
    }),
  );
  return { input: { ...head, ...percent(value.center, value.interval(CONFIDENCE)) }, value };
}

/** The first series of a bar with a ratio; otherwise why there is none. */
function ratioIn(
  { metric, divisor }: BarDefinition,
  system: System,
  evidence: Evidence,
): { readonly series: Series; readonly ratio: Ratio } | string {
  const { ratios, withoutRatio } = comparisonWith(divisor, evidence.comparisons);
  const all = seriesAt(metric, system, evidence);
  for (const series of all) {
    const ratio = ratios.get(series);
    if (ratio !== undefined) return { series, ratio };
  }
  const [first] = all;
  if (first === undefined) return whyAbsent(metric, system, evidence);
  const why = withoutRatio.get(first);
  return (why && whyNoRatio([{ kind: 'no ratio', ...why }])) ?? 'no ratio';
}

function seriesAt(metric: BarDefinition['metric'], system: System, evidence: Evidence): readonly Series[] {
  return evidence.index.get(seriesKey(system, ...splitMetric(metric))) ?? [];
}

function whyAbsent(metric: BarDefinition['metric'], system: System, evidence: Evidence): string {
  const [benchmark, name] = splitMetric(metric);
  return absence(evidence.tallies.get(benchmarkKey(system.key, benchmark)), name).why;
}

function percent(value: number, interval: Interval | null): { value: number; low: number | null; high: number | null } {
  return { value, low: interval?.low ?? null, high: interval?.high ?? null };
}

function scaled({ low, high }: Interval, map: (value: number) => number): Interval {
  return { low: map(low), high: map(high) };
}
