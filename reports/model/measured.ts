import { isWorkload as isWorkloadBenchmark, type Benchmark } from '../../harness/trial/benchmark.js';
import type { Metric, MetricId, Suite, Workload } from '../../harness/types.js';

/** A published table that no suite of this version measures: only its values can be in a report. */
export interface PublishedBenchmark extends Pick<Benchmark, 'id' | 'title' | 'version' | 'about'> {
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** What trials measure, see `Benchmark`, or what was published. */
export type Measured = Benchmark | PublishedBenchmark;

/** Whether it is measured in one guest. */
export function isSuite(measured: Measured): measured is Suite {
  return 'profiles' in measured && !isWorkload(measured);
}

/** Whether it is measured in several guests at once. */
export function isWorkload(measured: Measured): measured is Workload {
  return 'profiles' in measured && isWorkloadBenchmark(measured);
}

/** Whether this version has it as a suite or workload. */
export function isBenchmark(measured: Measured): measured is Benchmark {
  return isSuite(measured) || isWorkload(measured);
}

/** The definition of a metric; undefined for a metric that this version does not know. */
export function metricOf(id: MetricId, all: readonly Measured[]): Metric | undefined {
  const [owner, name] = splitMetric(id);
  return all.find((candidate) => candidate.id === owner)?.metrics[name];
}

/** `lmbench/fork-process` as `['lmbench', 'fork-process']`. */
export function splitMetric(metric: MetricId): [string, string] {
  const slash = metric.indexOf('/');
  return [metric.slice(0, slash), metric.slice(slash + 1)];
}
