import type { MetricId } from '../../harness/types.js';
import type { Evidence } from '../analysis/cells.js';
import { isForeign, observationsOf, whyNotComparable } from '../analysis/judge.js';
import { lineRateOf } from '../analysis/line-rate.js';
import { observedDifference, observedMean, observedRatio } from '../analysis/observed.js';
import { isSameClock, seriesKey, type Series } from '../analysis/summarize.js';
import { metricOf, splitMetric } from '../model/measured.js';
import type { System } from '../model/types.js';
import { greatest, magnitude, shareAboveOne, type Observed, type Transform } from '../statistics/observed.js';
import type { Check, Part } from './check.js';

/** The quantity of a check as measured. */
export interface Measurement {
  readonly observed: Observed;
  /** Of several parts, that which is the largest. */
  readonly metric: string;
  readonly system: System;
  /** What the observations behind it are, in words: `trials`, `boots of 3 trials`. */
  readonly observations: string;
  /** Why its systems may not be compared with the paper; undefined where they may. */
  readonly incomparable: string | undefined;
}

/** The system that a column of a check stands for: `standIn`, or another. */
export type FindSystem = (column: string, metric: MetricId, evidence: Evidence) => System | undefined;

/** The quantity of a check, or why there is none. */
export function measure(check: Check, evidence: Evidence, find: FindSystem = standIn): Measurement | string {
  if (check.kind === 'greatest') return measureGreatest(check, evidence, find);
  return check.kind === 'majority-worse' ? measureMajority(check, evidence, find) : measurePart(check, evidence, find);
}

function measureGreatest(
  { parts, magnitude: sizes = false }: Extract<Check, { kind: 'greatest' }>,
  evidence: Evidence,
  find: FindSystem,
): Measurement | string {
  const all: Measurement[] = [];
  for (const part of parts) {
    const one = measurePart(part, evidence, find);
    if (typeof one === 'string') return one;
    all.push(sizes ? { ...one, observed: magnitude(one.observed) } : one);
  }
  const [largest] = [...all].sort((a, b) => b.observed.center - a.observed.center);
  if (largest === undefined) return 'nothing to compare';
  const incomparable = all.find((one) => one.incomparable !== undefined)?.incomparable;
  return { ...largest, observed: greatest(all.map(({ observed }) => observed)), incomparable };
}

function measureMajority(
  { suite, column, to }: Extract<Check, { kind: 'majority-worse' }>,
  evidence: Evidence,
  find: FindSystem,
): Measurement | string {
  const metrics = evidence.measured.find(({ id }) => id === suite)?.metrics ?? {};
  const ids = Object.keys(metrics).map((name): MetricId => `${suite}/${name}`);
  const all = ids.flatMap((metric) => {
    // Performance of `to` relative to `of`: above 1 where `of` is worse.
    const part: Part = { row: metric, metric, column: to, quantity: { kind: 'relative', to: column } };
    const one = measurePart(part, evidence, find);
    return typeof one === 'string' ? [] : [one];
  });
  const [first] = all;
  const system = find(column, ids[0] ?? `${suite}/none`, evidence);
  if (first === undefined || system === undefined) return `no metric of ${suite} is measured on ${column} and ${to}`;
  return {
    observed: shareAboveOne(all.map(({ observed }) => observed)),
    metric: suite,
    system,
    observations: first.observations,
    incomparable: all.find((one) => one.incomparable !== undefined)?.incomparable,
  };
}

const scaled = (divisor: number): Transform => ({ to: (value) => value / divisor, from: (value) => value * divisor });
const RECIPROCAL: Transform = { to: (value) => 1 / value, from: (value) => (value === Infinity ? 0 : inverse(value)) };
/** Losses are in percent of what they are relative to. */
const LOSS: Transform = { to: (value) => 100 * (1 - value), from: (lost) => 1 - lost / 100 };
const LOSS_OF_TIME: Transform = {
  to: (value) => LOSS.to(1 / value),
  from: (lost) => RECIPROCAL.from(LOSS.from(lost)),
};

/** Of a bound that is not above 0: nothing that is measured is beyond it. */
function inverse(value: number): number {
  return value > 0 ? 1 / value : Infinity;
}

function measurePart(part: Part, evidence: Evidence, find: FindSystem): Measurement | string {
  const { column, row, metric, quantity } = part;
  const system = find(column, metric, evidence);
  if (system === undefined) return `no target reproduces ${column}`;
  const series = seriesOf(metric, system, evidence);
  if (series === undefined) return `${system.label} has no value of ${row}`;
  const one = (observed: Observed): Measurement => ({
    observed,
    metric,
    system,
    observations: observationsOf([series]),
    incomparable: whyNotComparable(system),
  });
  const known = metricOf(metric, evidence.measured);
  if ('unit' in quantity && known?.unit !== quantity.unit) return `${row} is not measured in ${quantity.unit}`;
  switch (quantity.kind) {
    case 'value':
      return one(observedMean(series, known));
    case 'per-megabyte':
      return one(observedMean(series, known, scaled(quantity.megabytes)));
    case 'line-rate': {
      const rate = lineRateOf([system], evidence.facts);
      return 'unknown' in rate ? rate.unknown : one(observedMean(series, known, scaled(rate.bitsPerSecond)));
    }
    case 'off-request': {
      const requested = quantity.percentOfCpu * system.shape.cpus.length;
      return one(observedMean(series, known, { to: (value) => value - requested, from: (off) => off + requested }));
    }
    case 'of-request': {
      const requested = quantity.whole === 'cpu' ? quantity.percent * system.shape.cpus.length : quantity.percent;
      return one(observedMean(series, known, scaled(requested / 100)));
    }
    case 'ratio':
    case 'relative':
    case 'loss':
    case 'difference': {
      const base = baseOf(part, quantity, series, { evidence, find });
      if (typeof base === 'string') return base;
      if (!isSameClock(series, base)) {
        return `different clocks counted the CPU time of ${system.label} and ${base.system.label}`;
      }
      if (isForeign(series, base)) return `${system.label} was measured on another machine than ${base.system.label}`;
      const observed =
        quantity.kind === 'difference'
          ? observedDifference(series, base)
          : observedRatio(series, base, transformOf(quantity.kind, known?.better === 'lower'));
      const measured = one(observed);
      return {
        ...measured,
        observations: observationsOf([series, base]),
        incomparable: measured.incomparable ?? whyNotComparable(base.system),
      };
    }
  }
}

type Comparison = Extract<Part['quantity'], { readonly to: string }>;

function baseOf(
  part: Part,
  quantity: Comparison,
  series: Series,
  { evidence, find }: { readonly evidence: Evidence; readonly find: FindSystem },
): Series | string {
  const other = 'other' in quantity ? quantity.other : part;
  const to = quantity.to === part.column ? series.system : find(quantity.to, other.metric, evidence);
  const base = to && seriesOf(other.metric, to, evidence, series);
  return base ?? `no value of ${other.row} for ${quantity.to}`;
}

/** Where times are measured, performance is the reciprocal of their ratio. */
function transformOf(kind: 'ratio' | 'relative' | 'loss', ofTimes: boolean): Transform | undefined {
  if (kind === 'ratio') return undefined;
  if (kind === 'loss') return ofTimes ? LOSS_OF_TIME : LOSS;
  return ofTimes ? RECIPROCAL : undefined;
}

/**
 * The measured system that reproduces a published column: one that has the metric, a real machine before an emulated one,
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
