import type { GuestTrial, Metric, Origin, RawTrial, Reading } from '../../harness/types.js';
import { cpuUseOf, type CpuUse } from '../cpu-time.js';
import { osdbRows } from '../osdb/rows.js';
import { ParseError } from '../parsing.js';
import { earliest, latest } from '../../harness/trial/simultaneity.js';
import { added, clocked, divided, exact, scaled, type Quantity } from '../quantity.js';
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
  'cpu-per-row': { label: 'OSDB-IR, CPU time for each row', unit: 'us', better: 'lower' },
} as const satisfies Record<string, Metric>;

export type ThroughputMetric = keyof typeof metrics;
const CPU = 'cpu-per-row';
const names = Object.keys(metrics) as ThroughputMetric[];

/** What one guest read, and when, on the common clock. */
export interface GuestWork {
  readonly rows: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** Rows per second by its own time. */
  readonly rate: Quantity;
  readonly at: Origin;
}

/**
 * Pure: the readings of a trial in which each guest read rows. If one guest has no result, the trial has no reading; if the
 * CPU time of one is unknown, only that of all is missing.
 */
export function parse(guests: readonly GuestTrial[]): readonly Reading<ThroughputMetric>[] {
  return readingsOr(names, () => {
    const work = eachGuest(guests, readWork);
    const rows = work.reduce((sum, guest) => sum + guest.rows, 0);
    return [...readRates(work, rows), ...readingsOr([CPU], () => [readCpuPerRow(guests, rows)])];
  });
}

/**
 * CPU time of all guests by their platform's accounting, server and clients, by the rows that they read together. A
 * throughput that falls while this stays is a matter of waiting; one that falls while this grows is a matter of work.
 */
function readCpuPerRow(guests: readonly GuestTrial[], rows: number): Reading<typeof CPU> {
  const used = eachGuest(guests, ({ raw }): CpuUse => cpuUseOf(raw));
  const [{ clock, at }] = used;
  const other = used.find((each) => each.clock.kind !== clock.kind);
  if (other !== undefined) throw new ParseError(`CPU time was read from ${clock.words}, and from ${other.clock.words}`);
  const microseconds = scaled(added(used.map(({ seconds }) => seconds)), 1e6);
  return { metric: CPU, ...divided(microseconds, exact(rows)), at, tool: 'pgbench', clock };
}

function readRates(work: readonly [GuestWork, ...GuestWork[]], rows: number): readonly Reading<ThroughputMetric>[] {
  const rates = work.map(({ rate }) => rate).sort((a, b) => a.value - b.value);
  const [lowest, highest] = [rates[0] ?? work[0].rate, rates.at(-1) ?? work[0].rate];
  const fairness = fairnessOf(rates.map(({ value }) => value));
  if (fairness === undefined) throw new ParseError('no guest read any row', work[0].at);
  const ns = latest(work.map(({ endNs }) => endNs)) - earliest(work.map(({ startNs }) => startNs));
  const { at } = work[0];
  const read = (metric: ThroughputMetric, quantity: Quantity): Reading<ThroughputMetric> => ({
    metric,
    ...quantity,
    at,
    tool: 'pgbench',
  });
  return [
    read('rows-per-second', divided(exact(rows), clocked(Number(ns) / 1e9))),
    read('lowest-guest', lowest),
    read('highest-guest', highest),
    // An index of rates that are equal changes by less than they do.
    read('fairness', { value: 100 * fairness, resolution: (100 * lowest.resolution) / lowest.value }),
  ];
}

/**
 * Jain's fairness index of rates, none negative: (sum x)^2 / (n * sum x^2); 1 when all are alike, 1/n when one has it all.
 * Jain, Chiu, Hawe: A Quantitative Measure of Fairness and Discrimination (DEC-TR-301, 1984). Undefined where all rates are
 * 0, where there are none, and where one is not finite.
 */
export function fairnessOf(rates: readonly number[]): number | undefined {
  // Of equal parts, so that neither square is beyond a double.
  const most = Math.max(...rates);
  if (!(most > 0) || !rates.every(Number.isFinite)) return undefined;
  const parts = rates.map((rate) => rate / most);
  const sum = parts.reduce((total, part) => total + part, 0);
  const squares = parts.reduce((total, part) => total + part * part, 0);
  return Math.min(1, (sum * sum) / (rates.length * squares));
}

/** Pure: what a guest read, once all that the suite checks has held. Throws a `ParseError` otherwise. */
export function readWork(guest: GuestTrial): GuestWork {
  const { value, resolution, at } = externalRate(guest.raw);
  const step = trustedStep(guest.raw, 'read-rows');
  const { startNs, endNs } = timeOf(guest, step);
  // The suite's rate is the rows by the step's wall time.
  return { rows: Math.round(value * step.wallSeconds), startNs, endNs, rate: { value, resolution }, at };
}

function externalRate(raw: RawTrial): Quantity & { readonly at: Origin } {
  const reading = osdbRows.parse(raw).find(({ metric }) => metric === 'rows-per-second-wall-clock');
  if (reading === undefined) throw new ParseError('there is no rate of rows');
  if ('missing' in reading) throw new ParseError(reading.missing, reading.at);
  return { value: reading.value, resolution: reading.resolution ?? 0, at: reading.at };
}
