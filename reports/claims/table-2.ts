import {
  about,
  ABOVE,
  ALMOST_DOUBLE,
  asExcess,
  between,
  EQUAL,
  LITTLE_MORE,
  MAJORITY,
  orMore,
  within,
} from './bands.js';
import { COMPILE, CPU, DBENCH, DD, lmbench, OSDB, performance, POSTMARK, ratio, THROUGHPUT } from './benchmarks.js';
import type { Claim } from './check.js';

const PROCESSES = ['fork process', 'exec process', 'sh process'];
const PRINTED = [...PROCESSES, 'ctx (16p/64K)', 'mmap (64MB)', 'mmap (256MB)', 'page fault'];

/** Megabytes that a row maps, for costs per megabyte; lmbench's own MB are 2^20 bytes in the file's name. */
const MEGABYTES: Readonly<Record<string, number>> = { 'mmap (64MB)': 64, 'mmap (256MB)': 256 };

/** Sections 4 and 4.2: lmbench. */
export const table2Claims: readonly Claim[] = [
  {
    id: 't2-comparable',
    exhibit: 'table-2',
    quotations: ['4-comparable'],
    interpretation:
      '“Comparable” is within the margin of 5 %; “all tests” are the rows of Table 2, and the benchmarks of Figures 5 and 6 on ' +
      'one CPU, because the section compares uniprocessor kernels unless it states otherwise.',
    checks: [
      ...PRINTED.map((row) => ratio(lmbench(row), 'VServer-UP', 'Linux-UP', EQUAL)),
      ...[THROUGHPUT, DD, DBENCH, POSTMARK, CPU, COMPILE, OSDB].map((row) =>
        performance(row, 'VServer-UP', 'Linux-UP', EQUAL),
      ),
    ],
  },
  {
    id: 't2-sh-49',
    exhibit: 'table-2',
    quotations: ['4-shell-49'],
    interpretation:
      'An overhead is what a test takes more than on Linux, in percent of the time on Linux. “Up to” leads to the one test that ' +
      'the sentence names, so its overhead is 49 %. Table 2 has 95.6 %; 48.9 % is the overhead in percent of the time on Xen.',
    checks: [ratio(lmbench('sh process'), 'Xen3-UP', 'Linux-UP', asExcess(about(49)))],
  },
  {
    id: 't2-smp-worse',
    exhibit: 'table-2',
    quotations: ['4.2-smp-worse'],
    interpretation:
      'All metrics of suite lmbench count, not only the rows of Table 2. More than half of them are worse on the SMP kernel than ' +
      'on the UP kernel of the same system, by intervals that hold for all metrics at once.',
    checks: ['Linux', 'VServer', 'Xen3'].map((system) => ({
      kind: 'majority-worse',
      suite: 'lmbench',
      column: `${system}-SMP`,
      to: `${system}-UP`,
      band: MAJORITY,
    })),
  },
  {
    id: 't2-approx-2x',
    exhibit: 'table-2',
    quotations: ['4.2-approximately-2x'],
    interpretation:
      'Every row takes Xen3-UP about twice as long as VServer-UP or longer; “approximately” is the margin of 5 % below 2. ' +
      'Table 2 has 1.58 for ctx (16p/64K).',
    checks: PRINTED.map((row) => ratio(lmbench(row), 'Xen3-UP', 'VServer-UP', orMore(2, 0))),
  },
  {
    id: 't2-xen-observable',
    exhibit: 'table-2',
    quotations: ['4.2-observable'],
    interpretation: '“Observable” is any overhead that the interval confirms: the ratio to Linux-UP is above 1.',
    checks: ['exec process', 'ctx (16p/64K)', 'page fault'].map((row) =>
      ratio(lmbench(row), 'Xen3-UP', 'Linux-UP', ABOVE),
    ),
  },
  {
    id: 't2-fork-exec-sh-vserver',
    exhibit: 'table-2',
    quotations: ['4.2-within-1'],
    interpretation:
      'The sentence is about “the first three rows”. 1 % is printed without a decimal, so that 1.5 % still is 1 %, in either ' +
      'direction: the same tolerance as for “about”.',
    checks: PROCESSES.map((row) => ratio(lmbench(row), 'VServer-UP', 'Linux-UP', asExcess(within(1)))),
  },
  {
    id: 't2-sh-xen-double',
    exhibit: 'table-2',
    quotations: ['4.2-almost-double'],
    interpretation:
      'sh takes almost twice as long as on Linux-UP: between 1.8 and 2 times, by the word and not by the number of Table 2, which ' +
      'it is compared with. “Measurable” is a ratio above 1 in the other two of the first three rows.',
    checks: [
      ratio(lmbench('sh process'), 'Xen3-UP', 'Linux-UP', ALMOST_DOUBLE),
      ratio(lmbench('fork process'), 'Xen3-UP', 'Linux-UP', ABOVE),
      ratio(lmbench('exec process'), 'Xen3-UP', 'Linux-UP', ABOVE),
    ],
  },
  {
    id: 't2-ctx-xen',
    exhibit: 'table-2',
    quotations: ['4.2-ctx-2-to-3'],
    interpretation:
      'The overhead is the time on Xen3-UP less that on Linux-UP, of the one context switch that Table 2 prints. 2 and 3 are printed ' +
      'without a decimal: 1.5 to 3.5 µs.',
    checks: [
      {
        ...lmbench('ctx (16p/64K)'),
        column: 'Xen3-UP',
        quantity: { kind: 'difference', to: 'Linux-UP', unit: 'us' },
        band: between(2, 3),
      },
    ],
  },
  {
    id: 't2-ctx-vserver',
    exhibit: 'table-2',
    quotations: ['4.2-little-overhead'],
    interpretation:
      'The sentence is about context switches. “Little” is no more than the margin of 5 %. Table 2 has 12.7 %.',
    checks: [ratio(lmbench('ctx (16p/64K)'), 'VServer-UP', 'Linux-UP', LITTLE_MORE)],
  },
  {
    id: 't2-mmap-per-mb',
    exhibit: 'table-2',
    quotations: ['4.2-mmap-per-mb'],
    interpretation:
      'The time of a row by the megabytes that it maps, for both sizes; “the other systems” are Linux-UP and VServer-UP.',
    checks: (
      [
        ['Linux-UP', about(5.9, 0.1)],
        ['VServer-UP', about(5.9, 0.1)],
        ['Xen3-UP', about(19)],
      ] as const
    ).flatMap(([column, band]) =>
      Object.entries(MEGABYTES).map(([row, megabytes]) => ({
        ...lmbench(row),
        column,
        quantity: { kind: 'per-megabyte' as const, megabytes, unit: 'us' as const },
        band,
      })),
    ),
  },
];
