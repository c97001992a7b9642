import type { KnownMetricId } from '../../suites/index.js';
import { MARGIN } from '../statistics/equivalence.js';
import type { Interval } from '../statistics/intervals.js';
import type { Check, ChecksOfClaim } from './check.js';

/*
 * What section 4.3 says of Figures 5 and 6, as comparisons. Where a sentence has a number, its band comes from the
 * reference data; where it has a word, the word is one of the bands below.
 */

/** "Identical", "the same". */
const EQUAL: Interval = { low: 1 - MARGIN, high: 1 + MARGIN };
/** "Below", "worse", "reduced". */
const BELOW: Interval = { low: 0, high: 1 };
/** "Significantly slower": lower by more than the margin of practical relevance. */
const CLEARLY_BELOW: Interval = { low: 0, high: 1 - MARGIN };
/** "Slightly exceeds": above, by a tenth at most. */
const SLIGHTLY_ABOVE: Interval = { low: 1, high: 1.1 };
/** "Modestly greater": above, by a quarter at most. */
const MODESTLY_ABOVE: Interval = { low: 1, high: 1.25 };
/** Line rate as TCP's payload sees it: with an MTU of 1500 bytes it is 94 % of the link's speed. */
const LINE_RATE: Interval = { low: 0.9, high: 1 };
const BELOW_LINE_RATE: Interval = { low: 0, high: 0.9 };
/** "Just over 70 %", in percent of one CPU. */
const JUST_OVER_70: Interval = { low: 70, high: 75 };
/** One CPU that is never idle, with the error of the accounting. */
const SATURATED: Interval = { low: 95, high: 105 };

interface Benchmark {
  readonly row: string;
  readonly metric: KnownMetricId;
}

const THROUGHPUT: Benchmark = { row: 'TCP throughput', metric: 'iperf/throughput' };
const CPU_USED: Benchmark = { row: 'receiver CPU', metric: 'iperf-cpu/receiver-cpu' };
const DD: Benchmark = { row: 'DD', metric: 'dd/write' };
const DBENCH: Benchmark = { row: 'DBench', metric: 'dbench/throughput' };
const POSTMARK: Benchmark = { row: 'PostMark', metric: 'postmark/transactions' };
const COMPILE: Benchmark = { row: 'kernel compile', metric: 'kernel-compile/elapsed' };
const OSDB: Benchmark = { row: 'OSDB-IR', metric: 'osdb/rows-per-second' };

/** Performance of a column relative to another, higher is better. */
function performance(benchmark: Benchmark, of: string, to: string, band: Interval): Check {
  return { ...benchmark, of, quantity: { kind: 'relative', to }, band };
}

/** CPU used by a column over that of another, as measured. */
function cpuRatio(of: string, to: string, band: Interval): Check {
  return { ...CPU_USED, of, quantity: { kind: 'ratio', to }, band };
}

function cpuPercent(of: string, band: Interval): Check {
  return { ...CPU_USED, of, quantity: { kind: 'value', unit: 'percent' }, band };
}

function ofLineRate(of: string, band: Interval): Check {
  return { ...THROUGHPUT, of, quantity: { kind: 'line-rate' }, band };
}

/** The comparisons of each claim by its id; the argument is the band of the number that the reference data state. */
export const FIGURE_COMPARISONS: Readonly<Record<string, ChecksOfClaim>> = {
  'f5-linux-vserver-line-rate': () => [
    ofLineRate('Linux-UP', LINE_RATE),
    ofLineRate('VServer-UP', LINE_RATE),
    performance(THROUGHPUT, 'VServer-UP', 'Linux-UP', EQUAL),
    cpuPercent('Linux-UP', JUST_OVER_70),
    cpuPercent('VServer-UP', JUST_OVER_70),
  ],
  'f5-xen-up-60': (stated) => [
    performance(THROUGHPUT, 'Xen3-UP', 'Linux-UP', stated),
    cpuPercent('Xen3-UP', SATURATED),
  ],
  'f5-xen-2cpu': (stated) => [
    performance(THROUGHPUT, 'Xen3 two CPUs', 'Linux-UP', EQUAL),
    cpuRatio('Xen3 two CPUs', 'Linux-UP', stated),
  ],
  'f5-xen-smp-below-linux-up': () => [
    performance(THROUGHPUT, 'Xen3-SMP', 'Linux-UP', BELOW),
    ofLineRate('Xen3-SMP', BELOW_LINE_RATE),
  ],
  'f6a-dd-vserver': () => [
    performance(DD, 'VServer-UP', 'Linux-UP', EQUAL),
    performance(DD, 'VServer-SMP', 'Linux-SMP', EQUAL),
  ],
  'f6a-dd-xen': () => [
    performance(DD, 'Xen3-UP', 'Linux-UP', CLEARLY_BELOW),
    performance(DD, 'Xen3-SMP', 'Linux-UP', CLEARLY_BELOW),
  ],
  'f6a-dbench-xen': (stated) => [
    performance(DBENCH, 'Xen3-UP', 'Linux-UP', stated),
    performance(DBENCH, 'Xen3-SMP', 'Linux-UP', stated),
    performance(DBENCH, 'Xen3-UP', 'Xen3-SMP', MODESTLY_ABOVE),
  ],
  'f6a-dbench-vserver': () => [performance(DBENCH, 'VServer-UP', 'Linux-UP', SLIGHTLY_ABOVE)],
  'f6a-dbench-smp': () => [
    performance(DBENCH, 'Linux-SMP', 'Linux-UP', BELOW),
    performance(DBENCH, 'VServer-SMP', 'VServer-UP', BELOW),
  ],
  'f6a-postmark-xen': () => [
    performance(POSTMARK, 'Xen3-UP', 'Linux-UP', BELOW),
    performance(POSTMARK, 'Xen3-UP', 'VServer-UP', BELOW),
    performance(POSTMARK, 'Xen3-SMP', 'Linux-SMP', BELOW),
    performance(POSTMARK, 'Xen3-SMP', 'VServer-SMP', BELOW),
  ],
  'f6b-compile-xen-up': (stated) => [performance(COMPILE, 'Xen3-UP', 'Linux-UP', stated)],
  'f6b-compile-xen-smp': (stated) => [performance(COMPILE, 'Xen3-SMP', 'Linux-SMP', stated)],
  'f6b-osdb-vserver': (stated) => [performance(OSDB, 'VServer-UP', 'Linux-UP', stated)],
  'f6b-osdb-xen-smp': (stated) => [performance(OSDB, 'Xen3-SMP', 'Linux-SMP', stated)],
};
