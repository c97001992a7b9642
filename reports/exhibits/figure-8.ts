import type { FigureDefinition } from '../model/exhibit.js';

/** Figure 8 of Soltesz et al.: a database while another guest keeps the disk busy. */
export const figure8 = {
  kind: 'figure',
  id: 'figure-8',
  title: 'Figure 8: a database with a competing guest',
  suites: [],
  workloads: ['osdb-1', 'osdb-beside-dd'],
  reference: 'soltesz2007',
  groups: 'systems',
  quantity: 'loss',
  bars: [
    {
      metric: 'osdb-beside-dd/rows-per-second',
      label: 'OSDB-IR beside dd',
      divisor: { metric: 'osdb-1/rows-per-second', system: 'same' },
    },
  ],
  columns: ['VServer-UP', 'VServer-SMP', 'Xen3-UP', 'Xen3-SMP'],
  axis: 'Throughput lost, in percent of the throughput alone, lower is better',
  caption: () =>
    'How much of its OSDB-IR throughput a guest loses while another guest writes with dd, without pause, to its own disk on ' +
    'the same device: one minus the ratio of means over trials, with its 95 % interval, compared with the same ' +
    'system without dd. A value below 0 is a gain. A trial in which dd did not write for the whole time has no value.',
} as const satisfies FigureDefinition;
