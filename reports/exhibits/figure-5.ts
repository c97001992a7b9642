import type { FigureDefinition } from '../model/exhibit.js';

/** Figure 5 of Soltesz et al.: what a guest receives over TCP, and how much CPU that takes. */
export const figure5 = {
  kind: 'figure',
  id: 'figure-5',
  title: 'Figure 5: TCP throughput and CPU at the receiver',
  suites: ['iperf', 'iperf-cpu'],
  workloads: [],
  reference: 'soltesz2007',
  groups: 'systems',
  quantity: 'value',
  bars: [
    { metric: 'iperf/throughput', label: 'Throughput received' },
    { metric: 'iperf-cpu/receiver-cpu', label: 'CPU of the receiver' },
    { metric: 'iperf-cpu/receiver-cpu-ticks', label: 'CPU of the receiver by ticks' },
  ],
  caption: () =>
    'Means over trials with their 95 % intervals. Throughput (higher is better) and CPU (lower is better) come from separate ' +
    'trials, so that the accounting does not slow the transfer. CPU is in percent of one CPU: ' +
    'first the time used by the whole guest, from the accounting of its platform, then the ticks of its CPUs, as sysstat ' +
    'counts them. Only CPU times of one kind of clock have a ratio. Configurations appear in the order of the paper, each followed by the measured ' +
    'systems of the same kind.',
} as const satisfies FigureDefinition;
