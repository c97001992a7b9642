import type { Interval } from '../statistics/intervals.js';
import { about, between } from './bands.js';
import { BESIDE_DD, osdbIn } from './benchmarks.js';
import type { Check, Claim } from './check.js';

/** Percent of the throughput alone that is lost beside dd; below 0 it is a gain. */
function lost(column: string, band: Interval): Check {
  return { ...BESIDE_DD, column, quantity: { kind: 'loss', to: column, other: osdbIn(1) }, band };
}

/** Section 5.2: a database beside a guest that writes. */
export const figure8Claims: readonly Claim[] = [
  {
    id: 'f8-vserver',
    exhibit: 'figure-8',
    quotations: ['5.2-vserver-13-14'],
    interpretation: 'Percent of the throughput of the same system alone, which the competing dd takes.',
    checks: ['VServer-UP', 'VServer-SMP'].map((column) => lost(column, between(13, 14))),
  },
  {
    id: 'f8-xen-up',
    exhibit: 'figure-8',
    quotations: ['5.2-xen-12-and-1'],
    interpretation: 'Percent of the throughput of the same system alone, which the competing dd takes.',
    checks: [lost('Xen3-UP', about(12))],
  },
  {
    id: 'f8-xen-smp',
    exhibit: 'figure-8',
    quotations: ['5.2-xen-12-and-1'],
    interpretation:
      'A boost is a gain: more throughput beside dd than alone. 1 % is printed without a decimal: 0.5 to 1.5 %, so that no change and ' +
      'any loss contradict it.',
    checks: [lost('Xen3-SMP', about(-1))],
  },
];
