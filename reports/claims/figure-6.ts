import {
  about,
  ABOVE,
  asExcess,
  asShortfall,
  BELOW,
  between,
  CLEARLY_BELOW,
  EQUAL,
  MODESTLY_ABOVE,
  SLIGHTLY_ABOVE,
  within,
} from './bands.js';
import { COMPILE, CPU, DBENCH, DD, OSDB, performance, POSTMARK, slowdown, THROUGHPUT } from './benchmarks.js';
import type { Claim } from './check.js';

const DISK = [DD, DBENCH, POSTMARK];

/** Sections 1, 4, 4.3.2 and 6: disk, CPU and memory. */
export const figure6Claims: readonly Claim[] = [
  {
    id: 'f6a-io-vserver-above-xen',
    exhibit: 'figure-6a',
    quotations: ['1-equal-cpu-better-io', '6-io-worse'],
    interpretation:
      'The benchmarks of input and output are Iperf, DD, DBench and PostMark; VServer performs better than Xen3 on one CPU and ' +
      'on two, UP compared with UP and SMP with SMP.',
    checks: [THROUGHPUT, ...DISK].flatMap((row) => [
      performance(row, 'VServer-UP', 'Xen3-UP', ABOVE),
      performance(row, 'VServer-SMP', 'Xen3-SMP', ABOVE),
    ]),
  },
  {
    id: 'f6a-xen-50-longer',
    exhibit: 'figure-6a',
    quotations: ['4-lags-40-and-50'],
    interpretation:
      '“Up to” governs both parts of the sentence: of DD, DBench and PostMark, the one that lags most takes Xen3 50 % longer than ' +
      'Linux-UP, as UP or SMP. The time of a fixed amount of work is the reciprocal of its throughput.',
    checks: [
      {
        kind: 'greatest',
        title: 'DD, DBench and PostMark, longest time of Xen3-UP or Xen3-SMP over Linux-UP',
        parts: DISK.flatMap((row) => ['Xen3-UP', 'Xen3-SMP'].map((column) => slowdown(row, column, 'Linux-UP'))),
        band: asExcess(about(50)),
      },
    ],
  },
  {
    id: 'f6a-dd-vserver',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-dd-identical'],
    interpretation: '“Identical” is within the margin of 5 %; UP is compared with UP and SMP with SMP.',
    checks: [performance(DD, 'VServer-UP', 'Linux-UP', EQUAL), performance(DD, 'VServer-SMP', 'Linux-SMP', EQUAL)],
  },
  {
    id: 'f6a-dd-xen',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-dd-slow'],
    interpretation:
      '“Significant” is more than the margin of 5 %. The baseline is Linux-UP for both, as Section 4.3 states for all its results.',
    checks: [
      performance(DD, 'Xen3-UP', 'Linux-UP', CLEARLY_BELOW),
      performance(DD, 'Xen3-SMP', 'Linux-UP', CLEARLY_BELOW),
    ],
  },
  {
    id: 'f6a-dbench-smp',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-dbench-smp'],
    interpretation:
      '“Reduced” is below the UP kernel of the same system. DBench is its first 90,000 operations, as in the paper.',
    checks: [
      performance(DBENCH, 'Linux-SMP', 'Linux-UP', BELOW),
      performance(DBENCH, 'VServer-SMP', 'VServer-UP', BELOW),
    ],
  },
  {
    id: 'f6a-dbench-xen',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-dbench-xen'],
    interpretation:
      '“25-35 % less” is the throughput that is missing to that of Linux-UP; “modestly greater” is above, by a quarter at most. ' +
      'DBench is its first 90,000 operations, as in the paper.',
    checks: [
      performance(DBENCH, 'Xen3-UP', 'Linux-UP', asShortfall(between(25, 35))),
      performance(DBENCH, 'Xen3-SMP', 'Linux-UP', asShortfall(between(25, 35))),
      performance(DBENCH, 'Xen3-UP', 'Xen3-SMP', MODESTLY_ABOVE),
    ],
  },
  {
    id: 'f6a-dbench-vserver',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-dbench-xen'],
    interpretation: '“Slightly exceeds” is above, by a tenth at most.',
    checks: [performance(DBENCH, 'VServer-UP', 'Linux-UP', SLIGHTLY_ABOVE)],
  },
  {
    id: 'f6a-postmark-xen',
    exhibit: 'figure-6a',
    quotations: ['4.3.2-postmark-less'],
    interpretation: '“Less” is any loss that the interval confirms; UP is compared with UP and SMP with SMP.',
    checks: (['UP', 'SMP'] as const).flatMap((build) =>
      ['Linux', 'VServer'].map((to) => performance(POSTMARK, `Xen3-${build}`, `${to}-${build}`, BELOW)),
    ),
  },
  {
    id: 'f6b-cpu-parity',
    exhibit: 'figure-6b',
    quotations: ['1-equal-cpu-better-io'],
    interpretation:
      'The CPU-bound workload is the single-threaded process of Figure 6(b); “equal” is within the margin of 5 %, UP compared with ' +
      'UP and SMP with SMP.',
    checks: [performance(CPU, 'VServer-UP', 'Xen3-UP', EQUAL), performance(CPU, 'VServer-SMP', 'Xen3-SMP', EQUAL)],
  },
  {
    id: 'f6b-cpu-all',
    exhibit: 'figure-6b',
    quotations: ['4.3.2-cpu-all'],
    interpretation:
      'A process that receives all of the time performs on VServer-UP and on Xen3-UP as on Linux-UP, within the margin of 5 %.',
    checks: ['VServer-UP', 'Xen3-UP'].map((column) => performance(CPU, column, 'Linux-UP', EQUAL)),
  },
  {
    id: 'f6b-compile-xen-up',
    exhibit: 'figure-6b',
    quotations: ['4.3.2-compile'],
    interpretation:
      'An overhead in a figure of relative performance is what is missing to 1. 1 % is printed without a decimal: 0.5 to 1.5 %. ' +
      'By the other reading, 1/1.01, it is the same to two digits.',
    checks: [performance(COMPILE, 'Xen3-UP', 'Linux-UP', asShortfall(about(1)))],
  },
  {
    id: 'f6b-compile-xen-smp',
    exhibit: 'figure-6b',
    quotations: ['4.3.2-compile'],
    interpretation:
      'The sentence names Linux-UP as the baseline of both. 7 % is 6.5 to 7.5 %, which has 1/1.07 in it: what is missing to 1 and ' +
      'what the time is longer by are the same here.',
    checks: [performance(COMPILE, 'Xen3-SMP', 'Linux-UP', asShortfall(about(7)))],
  },
  {
    id: 'f6b-osdb-vserver',
    exhibit: 'figure-6b',
    quotations: ['4.3.2-osdb'],
    interpretation:
      '“Within 4 %” is in either direction, with the same tolerance as for “about”: half a unit of the last digit.',
    checks: [performance(OSDB, 'VServer-UP', 'Linux-UP', asExcess(within(4)))],
  },
  {
    id: 'f6b-osdb-xen-smp',
    exhibit: 'figure-6b',
    quotations: ['4.3.2-osdb'],
    interpretation:
      'The baseline is Linux-SMP, which the sentence names. An overhead in a figure of relative performance is what is missing to 1, ' +
      'as in “25-35 % less” and “47 % less” of the same section and the next: 0.61. As an excess of time it would be 1/1.39, 0.72, ' +
      'which this rule contradicts.',
    checks: [performance(OSDB, 'Xen3-SMP', 'Linux-SMP', asShortfall(about(39)))],
  },
];
