import type { GuestTrial, Metric, Origin, RawTrial, Reading } from '../../harness/types.js';
import { osdbRows } from '../osdb/rows.js';
import { ParseError } from '../parsing.js';
import { earliest, latest } from '../../harness/trial/simultaneity.js';
import { readingsOr, trustedStep } from '../trial-steps.js';
import { eachGuest, timeOf } from './guests.js';

export const metrics = {
  'rows-per-second': { label: 'OSDB-IR rows read, all guests', unit: '1/s', better: 'higher' },
  'lowest-guest': { label: 'OSDB-IR rows read, slowest guest', unit: '1/s', better: 'higher' },
  'highest-guest': { label: 'OSDB-IR rows read, fastest guest', unit: '1/s', better: 'higher' },
  fairness: {
    label: "OSDB-IR, Jain's fairness index of the guests",
    unit: 'percent',
    better: 'higher',
    share: 'whole',
  },
} as const satisfies Record<string, Metric>;

export type ThroughputMetric = keyof typeof metrics;
const names = Object.keys(metrics) as ThroughputMetric[];

/** What one guest read, and when, on the common clock. */
export interface GuestWork {
  readonly rows: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Rows per second by its own time. */
  readonly rate: number;
  readonly at: Origin;
}

/** Pure: the readings of a trial in which each guest read rows. One guest without a result leaves none of them all. */
export function parse(guests: readonly GuestTrial[]): readonly Reading<ThroughputMetric>[] {
  return readingsOr(names, () => {
    const work = eachGuest(guests, readWork);
    const rates = work.map(({ rate }) => rate);
    const rows = work.reduce((sum, guest) => sum + guest.rows, 0);
    const ns = latest(work.map(({ endNs }) => endNs)) - earliest(work.map(({ startNs }) => startNs));
    const { at } = work[0];
    const read = (metric: ThroughputMetric, value: number): Reading<ThroughputMetric> => ({
      metric,
      value,
      at,
      tool: 'pgbench',
    });
    return [
      read('rows-per-second', rows / (Number(ns) / 1e9)),
      read('lowest-guest', Math.min(...rates)),
      read('highest-guest', Math.max(...rates)),
      read('fairness', 100 * fairnessOf(rates)),
    ];
  });
}

/**
 * Jain's fairness index of rates, none negative: (sum x)^2 / (n * sum x^2); 1 when all are alike, 1/n when one has it all.
 * Jain, Chiu, Hawe: A Quantitative Measure of Fairness and Discrimination (DEC-TR-301, 1984).
 */
export function fairnessOf(rates: readonly number[]): number {
  // Of equal parts, so that neither square is beyond a double.
  const most = Math.max(...rates);
  const parts = rates.map((rate) => rate / most);
  const sum = parts.reduce((total, part) => total + part, 0);
  const squares = parts.reduce((total, part) => total + part * part, 0);
  return Math.min(1, (sum * sum) / (rates.length * squares));
}

/** Pure: what a guest read, once all that the suite checks has held. Throws a `ParseError` otherwise. */
export function readWork(guest: GuestTrial): GuestWork {
  const { value: rate, at } = externalRate(guest.raw);
  const step = trustedStep(guest.raw, 'read-rows');
  const { startNs, endNs } = timeOf(guest, step);
  // The suite's rate is the rows by the step's wall time.
  return { rows: Math.round(rate * step.wallSeconds), startNs, endNs, rate, at };
}

function externalRate(raw: RawTrial): { readonly value: number; readonly at: Origin } {
  const reading = osdbRows.parse(raw).find(({ metric }) => metric === 'rows-per-second-wall-clock');
  if (reading === undefined) throw new ParseError('there is no rate of rows');
  if ('missing' in reading) throw new ParseError(reading.missing, reading.at);
  return reading;
}
