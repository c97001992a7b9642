import type { CpuClock, Metric } from '../../harness/types.js';
import type { Loaded } from '../read/load.js';
import type { Sample } from '../read/sample.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { MIN_TRIALS, studentInterval, type Interval, type NoInterval } from '../statistics/intervals.js';
import { positiveInterval, positiveMean, publishedMean, type PositiveMean } from '../statistics/positive.js';
import { observations } from './levels.js';
import type { Levels } from '../model/levels.js';
import type { ToolUse } from '../model/tool.js';
import type { IntervalForm, System } from '../model/types.js';

/**
 * The values of one metric that may be pooled: one system, one version of the suite, one tool (its name, origin,
 * version and linkage), one kind of clock. What differs in any of these is another series, and another cell.
 */
export interface Series {
  readonly system: System;
  readonly suite: string;
  readonly suiteVersion: number | null;
  readonly metric: string;
  readonly tool: ToolUse;
  /** Of a CPU time: what counted it. */
  readonly clock: CpuClock | null;
  /** One a trial, in the order of the trials. */
  readonly samples: readonly Sample[];
  /** Independent observations: the values of the samples, or their means by boot; see `observations`. */
  readonly values: Float64Array;
  readonly levels: Levels;
  /** Largest step between values that the tool printed in any of the trials; 0 where it is unknown. */
  readonly resolution: number;
}

export interface Summary {
  /** Null for published values whose number of runs is not stated. */
  readonly n: number | null;
  readonly center: number;
  readonly sd: number | null;
  readonly interval: Interval | null;
  /** How the interval was computed; null without one. */
  readonly form: IntervalForm | null;
  /** Why a measured series has no interval. */
  readonly noInterval: Exclude<NoInterval, 'not positive'> | null;
}

/** Every series by `system key, suite/metric`. Several under one key are several cells. */
export type SeriesIndex = ReadonlyMap<string, readonly Series[]>;

export function seriesKey(system: System, suite: string, metric: string): string {
  return `${system.key} ${suite}/${metric}`;
}

/** Sorts samples into series. Samples keep the order of the trials, so that the result is the same every time. */
export function groupSamples(loaded: Loaded, systems: readonly System[]): SeriesIndex {
  const systemByKey = new Map(systems.map((system) => [system.key, system]));
  const groups = new Map<string, { key: string; system: System; samples: Sample[] }>();
  for (const sample of loaded.samples) {
    const system = systemByKey.get(loaded.trials[sample.trial]?.system ?? '');
    if (system === undefined) continue;
    const key = seriesKey(system, sample.benchmark, sample.metric);
    const { name, origin, version, linkage } = sample.tool;
    const pool = [key, sample.suiteVersion, name, origin, version, linkage, sample.clock?.kind].join('\0');
    const group = groups.get(pool);
    if (group === undefined) groups.set(pool, { key, system, samples: [sample] });
    else group.samples.push(sample);
  }
  const index = new Map<string, Series[]>();
  for (const { key, system, samples } of groups.values()) {
    const [first] = samples;
    if (first === undefined) continue;
    const { benchmark: suite, suiteVersion, metric, tool, clock } = first;
    const { values, levels } = observations(
      samples.map(({ trial, value }) => {
        const { boot = null, freshGuest = null } = loaded.trials[trial] ?? {};
        return { value, boot, freshGuest };
      }),
    );
    const resolution = samples.reduce((largest, sample) => Math.max(largest, sample.resolution ?? 0), 0);
    const series: Series = { system, suite, suiteVersion, metric, tool, clock, samples, values, levels, resolution };
    index.set(key, [...(index.get(key) ?? []), series]);
  }
  return index;
}

/**
 * Center of a series over its observations, and spread of its trials. A positive quantity has the interval of `positiveMean`; a share, and what
 * is 0 in some trial, has Student's, cut at what is possible.
 */
export function summarize(series: Series, metric: Pick<Metric, 'share'> | undefined): Summary {
  const { values, samples } = series;
  const center = mean(values);
  if (series.system.origin === 'published') return summarizePublished(series, center);
  const sd = samples.length < 2 ? null : standardDeviation(samples.map(({ value }) => value));
  return { n: samples.length, center, sd, ...intervalOf(series, metric?.share) };
}

/** Published means have an interval only where the publication has their number of runs and standard deviation. */
function summarizePublished(series: Series, center: number): Summary {
  const spread = series.samples[0]?.spread ?? null;
  const none = { interval: null, form: null, noInterval: null } as const;
  if (spread === null) return { n: null, center, sd: null, ...none };
  const estimate = estimateOf(series);
  const known = { n: spread.runs, center, sd: spread.sd };
  if (typeof estimate === 'string') return { ...known, ...none };
  return { ...known, interval: positiveInterval(estimate), form: 'log', noInterval: null };
}

function intervalOf(series: Series, share: Metric['share']): Pick<Summary, 'interval' | 'form' | 'noInterval'> {
  const positive = share === undefined ? estimateOf(series) : 'not positive';
  if (typeof positive === 'object') return { interval: positiveInterval(positive), form: 'log', noInterval: null };
  if (positive !== 'not positive') return { interval: null, form: null, noInterval: positive };
  const whole = studentInterval(series.values, series.resolution);
  if (typeof whole === 'string') return { interval: null, form: null, noInterval: whole };
  const possible = possibleValues(series, share);
  const interval = { low: Math.max(possible.low, whole.low), high: Math.min(possible.high, whole.high) };
  return { interval, form: 'student', noInterval: null };
}

/** What a metric can be at all: no unit has negative values, and a share has a whole. */
export function possibleValues({ system }: Series, share: Metric['share']): Interval {
  const highest = share === undefined ? Infinity : share === 'whole' ? 100 : 100 * system.shape.cpus.length;
  return { low: 0, high: highest };
}

/** The mean of a series of positive values, with its error; otherwise why it has none. */
export function estimateOf({ values, resolution, system, samples }: Series): PositiveMean | NoInterval {
  if (system.origin !== 'published') return positiveMean(values, resolution);
  const [sample] = samples;
  if (sample?.spread === null || sample === undefined) return 'too few';
  return publishedMean(sample.value, sample.spread);
}

/** Whether one kind of clock counted both: CPU times of two kinds have no ratio. */
export function isSameClock(a: Series, b: Series): boolean {
  return a.clock?.kind === b.clock?.kind;
}

/** Whether a series has enough trials for intervals. */
export function isReplicated(series: Series): boolean {
  return series.system.origin !== 'published' && series.values.length >= MIN_TRIALS;
}
