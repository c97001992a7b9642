import type { Metric } from '../../harness/types.js';

export const metrics = {
  'rows-per-second': { label: 'OSDB-IR rows read', unit: '1/s', better: 'higher' },
  'rows-per-second-wall-clock': {
    label: 'OSDB-IR rows read, by the time of the whole program',
    unit: '1/s',
    better: 'higher',
  },
  'latency-p50': { label: 'OSDB-IR transaction, median', unit: 'us', better: 'lower' },
  'latency-p95': { label: 'OSDB-IR transaction, 95th percentile', unit: 'us', better: 'lower' },
  'latency-p99': { label: 'OSDB-IR transaction, 99th percentile', unit: 'us', better: 'lower' },
} as const satisfies Record<string, Metric>;

export type OsdbMetric = keyof typeof metrics;

export const rates = ['rows-per-second', 'rows-per-second-wall-clock'] as const satisfies readonly OsdbMetric[];

/** Percent of the transactions that are at least as fast as the metric's value. */
export const percentiles = [
  ['latency-p50', 50],
  ['latency-p95', 95],
  ['latency-p99', 99],
] as const satisfies readonly (readonly [OsdbMetric, number])[];
