import type { Loaded, Sample } from '../read/load.js';
import { bootstrapMeans } from '../statistics/bootstrap.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { MIN_TRIALS, meanInterval, type Interval } from '../statistics/intervals.js';
import type { ToolUse } from '../model/tool.js';
import type { System } from '../model/types.js';

/**
 * The values of one metric that may be pooled: one system, one version of the suite, one tool (its name, origin,
 * version and linkage). What differs in any of these is another series, and another cell.
 */
export interface Series {
  readonly system: System;
  readonly suite: string;
  readonly suiteVersion: number | null;
  readonly metric: string;
  readonly tool: ToolUse;
  /** One a trial, in the order of the trials. */
  readonly samples: readonly Sample[];
  readonly values: Float64Array;
}

export interface Summary {
  /** Null for published values, whose number of trials is not stated. */
  readonly n: number | null;
  readonly center: number;
  readonly sd: number | null;
  readonly interval: Interval | null;
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
    const pool = [key, sample.suiteVersion, name, origin, version, linkage].join('\0');
    const group = groups.get(pool);
    if (group === undefined) groups.set(pool, { key, system, samples: [sample] });
    else group.samples.push(sample);
  }
  const index = new Map<string, Series[]>();
  for (const { key, system, samples } of groups.values()) {
    const [first] = samples;
    if (first === undefined) continue;
    const { benchmark: suite, suiteVersion, metric, tool } = first;
    const values = Float64Array.from(samples, (sample) => sample.value);
    const series: Series = { system, suite, suiteVersion, metric, tool, samples, values };
    index.set(key, [...(index.get(key) ?? []), series]);
  }
  return index;
}

/** Center and spread of a series over its trials. */
export function summarize(series: Series): Summary {
  const { values } = series;
  const published = series.system.origin === 'published';
  return {
    n: published ? null : values.length,
    center: mean(values),
    sd: values.length < 2 || published ? null : standardDeviation(values),
    interval: published ? null : (meanInterval(values) ?? null),
  };
}

/** Whether a series has enough trials for intervals. */
export function isReplicated(series: Series): boolean {
  return series.system.origin !== 'published' && series.values.length >= MIN_TRIALS;
}

/**
 * Resampled means of many series at once. Series of one system, suite and set of trials are resampled together, trial by
 * trial; the seed names the runs and the system, never the metric, so the result of one does not depend on the others.
 */
export function resample(series: readonly Series[], seed: string): Map<Series, Float64Array> {
  const batches = new Map<string, Series[]>();
  for (const one of series) {
    const trials = one.samples.map((sample) => sample.trial).join(',');
    const key = `${one.system.key} ${one.suite} ${trials}`;
    batches.set(key, [...(batches.get(key) ?? []), one]);
  }
  const result = new Map<Series, Float64Array>();
  for (const batch of batches.values()) {
    const [first] = batch;
    if (first === undefined) continue;
    const means = bootstrapMeans(
      batch.map((one) => one.values),
      `${seed} ${first.system.key} ${first.suite}`,
    );
    for (const [index, one] of batch.entries()) result.set(one, means[index] as Float64Array);
  }
  return result;
}
