import type { Interval } from '../statistics/intervals.js';
import { about, ABOVE, asExcess, asShortfall, BELOW, CLEARLY_ABOVE, NOT_ABOVE, within } from './bands.js';
import { DBENCH, DD, osdbIn, OSDB, POSTMARK, THROUGHPUT, type Guests } from './benchmarks.js';
import type { Check, Claim, Part } from './check.js';

/** Throughput of a configuration with so many guests, relative to another or to itself with another number. */
function relative(guests: Guests, column: string, others: Guests, to: string, band: Interval): Check {
  return { ...osdbIn(guests), column, quantity: { kind: 'relative', to, other: osdbIn(others) }, band };
}

/** A configuration from one number of guests to the next. */
function step(column: string, from: Guests, to: Guests, band: Interval): Check {
  return relative(to, column, from, column, band);
}

const SERVER_TYPE = [THROUGHPUT, DD, DBENCH, POSTMARK, OSDB, ...([2, 4, 8] as const).map(osdbIn)];
const OTHERS = ['VServer-UP', 'VServer-SMP', 'Xen3-SMP'];

/** Sections 4.4 and 6: databases at scale. */
export const figure7Claims: readonly Claim[] = [
  {
    id: 'f7-diminishing',
    exhibit: 'figure-7',
    quotations: ['4.4-diminishing'],
    interpretation:
      'Aggregate throughput rises from one guest to two, and falls from two to four and from four to eight. Xen3-UP is left out of ' +
      'the rise, because a later sentence makes it the exception.',
    checks: [
      ...OTHERS.map((column) => step(column, 1, 2, ABOVE)),
      ...[...OTHERS, 'Xen3-UP'].flatMap((column) => [step(column, 2, 4, BELOW), step(column, 4, 8, BELOW)]),
    ],
  },
  {
    id: 'f7-xen-up-two',
    exhibit: 'figure-7',
    quotations: ['4.4-xen-up-two', '4.4-xen-up-degrades'],
    interpretation:
      '“Does not improve” is not above one guest by more than the margin of 5 %; “degrades for each test” is a fall at each step ' +
      'after that.',
    checks: [step('Xen3-UP', 1, 2, NOT_ABOVE), step('Xen3-UP', 2, 4, BELOW), step('Xen3-UP', 4, 8, BELOW)],
  },
  {
    id: 'f7-xen-up-8',
    exhibit: 'figure-7',
    quotations: ['4.4-xen-up-47'],
    interpretation:
      'What is missing, with eight guests, to the throughput of VServer-UP with eight, which the sentence names.',
    checks: [relative(8, 'Xen3-UP', 8, 'VServer-UP', asShortfall(about(47)))],
  },
  {
    id: 'f7-xen-smp-jump',
    exhibit: 'figure-7',
    quotations: ['4.4-xen-smp-jump'],
    interpretation: '“Significant” and “very large” without a number: above one guest by more than the margin of 5 %.',
    checks: [step('Xen3-SMP', 1, 2, CLEARLY_ABOVE)],
  },
  {
    id: 'f7-vserver-smp-above',
    exhibit: 'figure-7',
    quotations: ['4.4-vserver-smp-above'],
    interpretation:
      'With 1, 2, 4 and 8 guests VServer-SMP has more throughput than Xen3-SMP, which is the baseline, with as many.',
    checks: ([1, 2, 4, 8] as const).map((guests) => relative(guests, 'VServer-SMP', guests, 'Xen3-SMP', ABOVE)),
  },
  {
    id: 'f7-vserver-smp-8',
    exhibit: 'figure-7',
    quotations: ['4.4-vserver-smp-8'],
    interpretation:
      'VServer-SMP with eight guests: the sentence goes on from VServer-SMP. “Within 5 %” is in either direction, with the same tolerance ' +
      'as for “about”.',
    checks: [
      relative(8, 'VServer-SMP', 2, 'Xen3-SMP', asExcess(within(5))),
      ...([1, 4, 8] as const).map((guests) => relative(8, 'VServer-SMP', guests, 'Xen3-SMP', ABOVE)),
    ],
  },
  {
    id: 'f7-up-to-2x',
    exhibit: 'figure-7',
    quotations: ['6-up-to-2x'],
    interpretation:
      'Server-type workloads are Iperf, DD, DBench, PostMark and OSDB-IR in 1 to 8 guests. “Up to”: where VServer is ahead of Xen3 ' +
      'most, UP compared with UP and SMP with SMP, it has twice the performance, within the margin of 5 %.',
    checks: [
      {
        kind: 'greatest',
        title: 'server-type workloads, highest performance of VServer relative to Xen3',
        parts: SERVER_TYPE.flatMap((row) =>
          ['UP', 'SMP'].map((build): Part => ({
            ...row,
            column: `VServer-${build}`,
            quantity: { kind: 'relative', to: `Xen3-${build}` },
          })),
        ),
        band: about(2, 0),
      },
    ],
  },
];
