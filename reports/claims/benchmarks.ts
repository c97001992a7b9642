import type { KnownMetricId } from '../../suites/index.js';
import { referenceById, tableOf } from '../reference/index.js';
import type { Interval } from '../statistics/intervals.js';
import type { Check, CheckedRow, Part } from './check.js';

/** A row of an exhibit whose metric is one of a registered suite or workload: a typo does not compile. */
export interface Row extends CheckedRow {
  readonly metric: KnownMetricId;
}

export const THROUGHPUT: Row = { row: 'TCP throughput', metric: 'iperf/throughput' };
/** By the accounting of the platform: of Xen the hypervisor's, as the paper read it with XenMon. */
export const RECEIVER_CPU: Row = { row: 'receiver CPU', metric: 'iperf-cpu/receiver-cpu' };
/** By the ticks of the CPUs, which sysstat counts: how the paper read Linux and VServer. */
export const RECEIVER_TICKS: Row = { row: 'receiver CPU by ticks', metric: 'iperf-cpu/receiver-cpu-ticks' };
export const DD: Row = { row: 'DD', metric: 'dd/write' };
export const DBENCH: Row = { row: 'DBench', metric: 'dbench/first-90000-throughput' };
export const POSTMARK: Row = { row: 'PostMark', metric: 'postmark/transactions' };
export const CPU: Row = { row: 'CPU', metric: 'cpu/events' };
export const COMPILE: Row = { row: 'kernel compile', metric: 'kernel-compile/elapsed' };
export const OSDB: Row = { row: 'OSDB-IR', metric: 'osdb/rows-per-second' };
export const BESIDE_DD: Row = { row: 'OSDB-IR beside dd', metric: 'osdb-beside-dd/rows-per-second' };

export type Guests = 1 | 2 | 4 | 8;

export function osdbIn(guests: Guests): Row {
  return { row: `OSDB-IR in ${guests} ${guests === 1 ? 'guest' : 'guests'}`, metric: `osdb-${guests}/rows-per-second` };
}

/** A row of Table 2. Throws on one that is none. */
export function lmbench(row: string): Row {
  const metric = tableOf(referenceById('soltesz2007'), 'table-2').rows.find(({ label }) => label === row)?.metric;
  if (metric === undefined || metric === null) throw new Error(`Table 2 has no row ${row}`);
  return { row, metric };
}

/** A ratio as measured: of times, where times are measured. */
export function ratio(row: Row, column: string, to: string, band: Interval): Check {
  return { ...row, column, quantity: { kind: 'ratio', to }, band };
}

/** Performance of a column relative to another, higher is better. */
export function performance(row: Row, column: string, to: string, band: Interval): Check {
  return { ...row, column, quantity: { kind: 'relative', to }, band };
}

/** The time that a column takes over that of another: what its performance is the reciprocal of. */
export function slowdown(row: Row, column: string, to: string): Part {
  return { ...row, column: to, quantity: { kind: 'relative', to: column } };
}
