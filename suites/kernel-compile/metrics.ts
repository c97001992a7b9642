import type { Metric } from '../../harness/types.js';

/** What a build costs. User and system time are of make and all that it started, getrusage(2). */
export const metrics = {
  elapsed: { label: 'kernel compile, elapsed', unit: 's', better: 'lower' },
  user: { label: 'kernel compile, user time', unit: 's', better: 'lower' },
  system: { label: 'kernel compile, system time', unit: 's', better: 'lower' },
} as const satisfies Readonly<Record<string, Metric>>;

/** Names of the metrics. */
export type KernelMetric = keyof typeof metrics;
