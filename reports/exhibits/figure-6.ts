import { baselineInWords } from '../narrative/baselines.js';
import type { System } from '../model/types.js';
import type { FigureDefinition } from '../model/exhibit.js';

/** Figure 6(a) of Soltesz et al.: disk. */
export const figure6a = {
  kind: 'figure',
  id: 'figure-6a',
  title: 'Figure 6(a): disk performance',
  suites: ['dd', 'dbench', 'postmark'],
  workloads: [],
  reference: 'soltesz2007',
  groups: 'benchmarks',
  quantity: 'relative',
  bars: [
    { metric: 'dd/write', label: 'DD, write' },
    { metric: 'dbench/first-90000-throughput', label: 'DBench, first 90,000 operations' },
    { metric: 'dbench/throughput', label: 'DBench, whole load' },
    { metric: 'postmark/transactions', label: 'PostMark' },
  ],
  caption,
} as const satisfies FigureDefinition;

/** Figure 6(b) of Soltesz et al.: CPU and memory. */
export const figure6b = {
  kind: 'figure',
  id: 'figure-6b',
  title: 'Figure 6(b): CPU and memory performance',
  suites: ['cpu', 'kernel-compile', 'osdb'],
  workloads: [],
  reference: 'soltesz2007',
  groups: 'benchmarks',
  quantity: 'relative',
  bars: [
    { metric: 'cpu/events', label: 'CPU' },
    { metric: 'kernel-compile/elapsed', label: 'Kernel compile' },
    { metric: 'osdb/rows-per-second', label: 'OSDB-IR' },
  ],
  caption,
} as const satisfies FigureDefinition;

function caption(systems: readonly System[]): string {
  const baseline = baselineInWords(systems);
  return (
    `Performance relative to ${baseline} (higher is better): the ratio of means over trials, inverted where the metric is a time. ` +
    'Error bars are 95 % intervals of the ratio. The paper prints no numbers for these bars; marks show what its ' +
    'text states about them.'
  );
}
