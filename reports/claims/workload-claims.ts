import type { Interval } from '../statistics/intervals.js';
import type { KnownMetricId } from '../../suites/index.js';
import { bandAround, MARGIN } from '../statistics/equivalence.js';
import type { Check, CheckedRow, ChecksOfClaim } from './check.js';

/**
 * What sections 4.4 and 5 say of many guests at once, as comparisons. A word stands for one of the bands below; a number
 * has the margin of practical relevance around it.
 */

/** "A boost", "greater": above. No system of the paper gains ten times. */
const ABOVE: Interval = { low: 1, high: 10 };
/** "Falls", "less". */
const BELOW: Interval = { low: 0, high: 1 };
/** "Does not improve": the same or less. */
const NOT_ABOVE: Interval = { low: 0, high: 1 + MARGIN };
/** "Within 1 %" of a request, in points of a CPU. */
const ACHIEVED: Interval = { low: -1, high: 1 };
/** "Off by up to 6 %". */
const UP_TO_6: Interval = { low: -6, high: 6 };
/** "By more": short of the request by more than that. */
const MORE_THAN_6: Interval = { low: -25, high: -6 };

type Guests = 1 | 2 | 4 | 8;

interface Row extends CheckedRow {
  readonly metric: KnownMetricId;
}

function atOnce(guests: Guests): Row {
  return { row: `OSDB-IR in ${guests} ${guests === 1 ? 'guest' : 'guests'}`, metric: `osdb-${guests}/rows-per-second` };
}

/** Throughput of a configuration with so many guests, relative to another or to itself with another number. */
function relative(guests: Guests, of: string, others: Guests, to: string, band: Interval): Check {
  return { ...atOnce(guests), of, quantity: { kind: 'relative', to, other: atOnce(others) }, band };
}

/** A configuration from one number of guests to the next. */
function step(of: string, from: Guests, to: Guests, band: Interval): Check {
  return relative(to, of, from, of, band);
}

const WEIGHT: Row = { row: 'Weight 1/4', metric: 'table-3-weight/guest-0' };
const CAP: Row = { row: 'Cap 1/4', metric: 'table-3-cap/guest-0' };

/** A quarter of all CPUs, held against what was achieved. */
function reserved(row: Row, of: string, band: Interval): Check {
  return { ...row, of, quantity: { kind: 'off-request', percentOfCpu: 25 }, band };
}

const BESIDE_DD: Row = { row: 'OSDB-IR beside dd', metric: 'osdb-beside-dd/rows-per-second' };

/** Percent lost: the throughput that is left lies within the margin around what is stated of it. */
function lost(of: string, low: number, high = low): Check {
  const band = {
    low: 100 - bandAround(100 - low, MARGIN).high,
    high: 100 - bandAround(100 - high, MARGIN).low,
  };
  return { ...BESIDE_DD, of, quantity: { kind: 'loss', to: of, other: atOnce(1) }, band };
}

/** The comparisons of each claim by its id, as `FIGURE_COMPARISONS` has those of section 4.3. */
export const WORKLOAD_COMPARISONS: Readonly<Record<string, ChecksOfClaim>> = {
  'f7-diminishing': () => [
    ...['VServer-UP', 'VServer-SMP', 'Xen3-SMP'].map((of) => step(of, 1, 2, ABOVE)),
    step('Xen3-UP', 1, 2, NOT_ABOVE),
    ...['VServer-UP', 'VServer-SMP', 'Xen3-UP', 'Xen3-SMP'].flatMap((of) => [
      step(of, 2, 4, BELOW),
      step(of, 4, 8, BELOW),
    ]),
  ],
  'f7-xen-up-8': (stated) => [relative(8, 'Xen3-UP', 8, 'VServer-UP', stated)],
  'f7-vserver-smp-8': () => [
    relative(8, 'VServer-SMP', 2, 'Xen3-SMP', bandAround(1, MARGIN)),
    ...([1, 4, 8] as const).map((guests) => relative(8, 'VServer-SMP', guests, 'Xen3-SMP', ABOVE)),
  ],
  't3-vserver': () => ['VServer-UP', 'VServer-SMP'].map((of) => reserved(WEIGHT, of, ACHIEVED)),
  't3-xen': () => [
    reserved(CAP, 'Xen3-UP', UP_TO_6),
    reserved(CAP, 'Xen3-SMP', UP_TO_6),
    reserved(WEIGHT, 'Xen3-SMP', UP_TO_6),
    reserved(WEIGHT, 'Xen3-UP', MORE_THAN_6),
  ],
  'f8-vserver': () => ['VServer-UP', 'VServer-SMP'].map((of) => lost(of, 13, 14)),
  'f8-xen-up': () => [lost('Xen3-UP', 12)],
  'f8-xen-smp': () => [lost('Xen3-SMP', -1)],
};
