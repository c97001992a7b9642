import type { Metric } from '../../harness/types.js';

export const metrics = {
  'throughput-in': { label: 'iperf3 throughput, peer to guest', unit: 'bit/s', better: 'higher' },
  'throughput-out': { label: 'iperf3 throughput, guest to peer', unit: 'bit/s', better: 'higher' },
  retransmits: { label: 'iperf3 retransmitted segments, peer to guest', unit: 'count', better: 'lower' },
  'retransmits-out': { label: 'iperf3 retransmitted segments, guest to peer', unit: 'count', better: 'lower' },
} as const satisfies Record<string, Metric>;

export type Iperf3Metric = keyof typeof metrics;

/** The way of the data as the guest sees it, and the metrics of each. */
export type Direction = 'in' | 'out';
export const metricsOf = {
  in: { throughput: 'throughput-in', retransmits: 'retransmits' },
  out: { throughput: 'throughput-out', retransmits: 'retransmits-out' },
} as const satisfies Record<Direction, { throughput: Iperf3Metric; retransmits: Iperf3Metric }>;
