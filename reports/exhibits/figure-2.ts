import { baselineInWords } from '../narrative/baselines.js';
import type { ScatterDefinition } from '../model/exhibit.js';

/** Figure 2 of Soltesz et al., which is qualitative there: efficiency against isolation, from the other exhibits. */
export const figure2 = {
  kind: 'scatter',
  id: 'figure-2',
  title: 'Figure 2: efficiency against isolation',
  suites: ['iperf', 'dd', 'dbench', 'postmark', 'cpu', 'kernel-compile', 'osdb'],
  workloads: ['osdb-1', 'osdb-beside-dd', 'table-3-weight'],
  reference: 'soltesz2007',
  efficiency: [
    { metric: 'iperf/throughput', label: 'TCP throughput' },
    { metric: 'dd/write', label: 'DD, write' },
    { metric: 'dbench/first-90000-throughput', label: 'DBench' },
    { metric: 'postmark/transactions', label: 'PostMark' },
    { metric: 'cpu/events', label: 'CPU' },
    { metric: 'kernel-compile/elapsed', label: 'Kernel compile' },
    { metric: 'osdb/rows-per-second', label: 'OSDB-IR' },
  ],
  losses: [
    {
      metric: 'osdb-beside-dd/rows-per-second',
      label: 'OSDB-IR beside dd',
      divisor: { metric: 'osdb-1/rows-per-second', system: 'same' },
    },
  ],
  shares: [
    { metric: 'table-3-weight/guest-0', label: 'CPU by weight', request: { percent: 25, of: 'cpu', within: 1 } },
  ],
  caption: (systems) => {
    const baseline = baselineInWords(systems);
    return (
      `Efficiency is the geometric mean of the performance relative to ${baseline} in the benchmarks of Figures 5 and 6, each with ` +
      'the same weight. CPU at the receiver is left out: it is a cost, and clocks of several kinds count it. Isolation is what is ' +
      'left of the largest loss beside other guests: throughput lost beside dd (Figure 8), or how far a CPU share is off its ' +
      'reservation by weight (Table 3), in percent of the reservation and in either direction. Intervals are 95 %, of each ' +
      'coordinate alone, and take the benchmarks to be independent. In the paper both axes are qualitative.'
    );
  },
} as const satisfies ScatterDefinition;
