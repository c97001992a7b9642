import {
  about,
  ABOVE,
  ALMOST_DOUBLE,
  asPart,
  asShortfall,
  BELOW,
  BELOW_LINE_RATE,
  EQUAL,
  JUST_OVER_70,
  LINE_RATE,
  SATURATED,
  upTo,
} from './bands.js';
import { performance, ratio, RECEIVER_CPU, RECEIVER_TICKS, THROUGHPUT, type Row } from './benchmarks.js';
import type { Check, Claim } from './check.js';
import type { Interval } from '../statistics/intervals.js';

function cpuPercent(row: Row, column: string, band: Interval): Check {
  return { ...row, column, quantity: { kind: 'value', unit: 'percent' }, band };
}

function ofLineRate(column: string, band: Interval): Check {
  return { ...THROUGHPUT, column, quantity: { kind: 'line-rate' }, band };
}

/** Sections 3.3.2, 4 and 4.3.1: Iperf. */
export const figure5Claims: readonly Claim[] = [
  {
    id: 'f5-vserver-network',
    exhibit: 'figure-5',
    quotations: ['3.3.2-indistinguishable'],
    interpretation:
      '“Indistinguishable” is within the margin of 5 %, of throughput and of the CPU that it takes, by ticks, as the paper ' +
      'read both.',
    checks: [
      performance(THROUGHPUT, 'VServer-UP', 'Linux-UP', EQUAL),
      ratio(RECEIVER_TICKS, 'VServer-UP', 'Linux-UP', EQUAL),
    ],
  },
  {
    id: 'f5-xen-lags-40',
    exhibit: 'figure-5',
    quotations: ['4-lags-40-and-50'],
    interpretation:
      '“Up to”: the configuration of Xen that lags most, which by Section 4.3.1 is Xen3-UP, loses 40 % of the throughput of ' +
      'Linux-UP, and Xen3-SMP no more. “A greater CPU load” is that of Xen3-UP and of Xen3 on two CPUs over Linux-UP. ' +
      'The paper read Xen with XenMon and Linux with sysstat, two clocks; here a load is compared where one clock counted both.',
    checks: [
      performance(THROUGHPUT, 'Xen3-UP', 'Linux-UP', asShortfall(about(40))),
      performance(THROUGHPUT, 'Xen3-SMP', 'Linux-UP', asShortfall(upTo(40))),
      ratio(RECEIVER_CPU, 'Xen3-UP', 'Linux-UP', ABOVE),
      ratio(RECEIVER_CPU, 'Xen3 two CPUs', 'Linux-UP', ABOVE),
    ],
  },
  {
    id: 'f5-linux-vserver-line-rate',
    exhibit: 'figure-5',
    quotations: ['4.3.1-line-rate'],
    interpretation:
      'Line rate is 90 to 100 % of the speed of the link, because headers take 6 %. “Just over 70 %” is 70 to 75 % of one CPU, ' +
      'by the ticks of its CPUs: the paper read Linux and VServer with sysstat, which counts them.',
    checks: [
      ofLineRate('Linux-UP', LINE_RATE),
      ofLineRate('VServer-UP', LINE_RATE),
      cpuPercent(RECEIVER_TICKS, 'Linux-UP', JUST_OVER_70),
      cpuPercent(RECEIVER_TICKS, 'VServer-UP', JUST_OVER_70),
    ],
  },
  {
    id: 'f5-xen-up-60',
    exhibit: 'figure-5',
    quotations: ['4.3.1-60'],
    interpretation:
      'The line rate is what Linux-UP reaches on the same link, as the sentence before states, so headers cancel out. ' +
      'A saturated CPU is used for 95 % or more of the time, by the accounting of the hypervisor, as XenMon reads it.',
    checks: [
      performance(THROUGHPUT, 'Xen3-UP', 'Linux-UP', asPart(about(60))),
      cpuPercent(RECEIVER_CPU, 'Xen3-UP', SATURATED),
    ],
  },
  {
    id: 'f5-xen-2cpu',
    exhibit: 'figure-5',
    quotations: ['4.3.1-two-cpus-line-rate', '4.3.1-nearly-2x'],
    interpretation:
      '“Just as Linux and VServer” is within the margin of 5 % of either; “nearly 2x” is 1.8 to 2 times the CPU time of ' +
      'either, where one clock counted both: the paper divides what XenMon counted by what sysstat counted.',
    checks: ['Linux-UP', 'VServer-UP'].flatMap((to) => [
      performance(THROUGHPUT, 'Xen3 two CPUs', to, EQUAL),
      ratio(RECEIVER_CPU, 'Xen3 two CPUs', to, ALMOST_DOUBLE),
    ]),
  },
  {
    id: 'f5-vserver-smp',
    exhibit: 'figure-5',
    quotations: ['4.3.1-smp-close'],
    interpretation:
      'The sentence is about the SMP kernels: VServer-SMP is within the margin of 5 % of Linux-SMP, in throughput and in the ' +
      'CPU that it takes, by ticks, as the paper read both.',
    checks: [
      performance(THROUGHPUT, 'VServer-SMP', 'Linux-SMP', EQUAL),
      ratio(RECEIVER_TICKS, 'VServer-SMP', 'Linux-SMP', EQUAL),
    ],
  },
  {
    id: 'f5-xen-smp-below-linux-up',
    exhibit: 'figure-5',
    quotations: ['4.3.1-smp-no-line-rate', '4.3.1-smp-worse'],
    interpretation: 'Below 90 % of the speed of the link, and below Linux-UP, which the sentence names.',
    checks: [ofLineRate('Xen3-SMP', BELOW_LINE_RATE), performance(THROUGHPUT, 'Xen3-SMP', 'Linux-UP', BELOW)],
  },
];
