import type { Metric } from '../../harness/types.js';

const throughput = { label: 'iperf throughput', unit: 'bit/s', better: 'higher' } as const;

/** Of the suite iperf. */
export const metrics = { throughput } as const satisfies Record<string, Metric>;

/**
 * Of the suite iperf-cpu. Its CPU time means nothing without the rate at which data came in. `receiver-cpu` is by the
 * platform's accounting of the guest, `receiver-cpu-ticks` by the ticks of its CPUs, as sysstat counts.
 */
export const cpuMetrics = {
  'receiver-cpu': { label: 'iperf receiver CPU', unit: 'percent', better: 'lower' },
  'receiver-cpu-ticks': { label: 'iperf receiver CPU by ticks', unit: 'percent', better: 'lower' },
  throughput: { ...throughput, label: 'iperf throughput while CPU time was read' },
} as const satisfies Record<string, Metric>;

export type IperfMetric = keyof typeof metrics;
export type IperfCpuMetric = keyof typeof cpuMetrics;
