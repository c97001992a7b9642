import { isWorkload, type Benchmark } from '../../harness/trial/benchmark.js';
import type { Metric, MetricId, Suite } from '../../harness/types.js';

export { isWorkload };

/** What trials measure, see `Benchmark`. */
export type Measured = Benchmark;

/** Whether it is measured in one guest. */
export function isSuite(measured: Measured): measured is Suite {
  return !isWorkload(measured);
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
