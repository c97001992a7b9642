import type { GuestTrial, Metric, Reading } from '../../harness/types.js';
import type { Call } from '../dd-load/calls.js';
import { readLoad } from '../dd-load/parse.js';
import { MIB, sizes } from '../dd-load/sizes.js';
import { ParseError } from '../parsing.js';
import { toCommonNs } from '../../harness/trial/simultaneity.js';
import { clocked, divided, exact, type Quantity } from '../quantity.js';
import { readingsOr } from '../trial-steps.js';
import { inGuest, timeOf } from './guests.js';
import { readWork } from './throughput.js';

export const metrics = {
  'rows-per-second': { label: 'OSDB-IR rows read beside dd', unit: '1/s', better: 'higher' },
  'dd-write': { label: 'dd write beside OSDB-IR', unit: 'B/s', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type DisturbedMetric = keyof typeof metrics;
const names = Object.keys(metrics) as DisturbedMetric[];

/** For so much of the measured time nothing may have been written: at its beginning, or between two calls of dd. */
const LONGEST_PAUSE = 0.05;

/** Pure: the readings of a trial of a database and a load. Without proof that the load wrote all the time there are none. */
export function parse(guests: readonly GuestTrial[]): readonly Reading<DisturbedMetric>[] {
  return readingsOr(names, () => {
    const database = guests.find(({ assignment }) => assignment.role !== 'load');
    const load = guests.find(({ assignment }) => assignment.role === 'load');
    if (database === undefined || load === undefined || guests.length !== 2) {
      throw new ParseError(`expected a database and a load, found ${guests.length} guests`);
    }
    const work = inGuest(database, readWork);
    const written = inGuest(load, () => writtenWithin(load, work.startNs, work.endNs));
    return [
      { metric: 'rows-per-second', ...work.rate, at: work.at, tool: 'pgbench' },
      { metric: 'dd-write', ...written, tool: 'dd' },
    ];
  });
}

/**
 * The rate at which a load wrote from one instant of the common clock to another, bytes per second. What a call wrote is spread
 * evenly over its time. Throws a `ParseError` when it did not write all that time.
 */
function writtenWithin(load: GuestTrial, fromNs: bigint, toNs: bigint): Pick<Call, 'at'> & Quantity {
  const size = sizes[load.raw.profile];
  const calls = readLoad(load.raw, size).map((call) => ({
    began: Number(toCommonNs(String(call.beganNs), load.clock) - fromNs),
    ended: call.ended === undefined ? undefined : Number(toCommonNs(String(call.ended.ns), load.clock) - fromNs),
    at: call.at,
  }));
  const step = load.raw.steps.find(({ name }) => name === 'write-on');
  const [first, window] = [calls[0], Number(toNs - fromNs)];
  if (first === undefined || step === undefined) throw new ParseError('dd was never called');
  const left = Number(timeOf(load, step).endNs - fromNs);
  const pause = LONGEST_PAUSE * window;
  if (first.began > pause) throw new ParseError(`dd began ${ms(first.began)} after the database`, first.at);
  if (left < window) throw new ParseError(`dd ended ${ms(window - left)} before the database`, calls.at(-1)?.at);
  let bytes = 0;
  let before = first.began;
  for (const { began, ended, at } of calls) {
    if (began > window) break;
    const paused = began - Math.max(before, 0);
    if (paused > pause) throw new ParseError(`dd paused for ${ms(paused)}`, at);
    before = ended ?? left;
    const within = Math.min(before, window) - Math.max(began, 0);
    if (ended !== undefined && within > 0) bytes += (size.blockMiB * MIB * within) / Math.max(1, ended - began);
  }
  if (before < window - pause) throw new ParseError(`dd paused for ${ms(window - before)}`, calls.at(-1)?.at);
  if (bytes === 0) throw new ParseError('no call of dd came to its end while the database was measured', first.at);
  return { ...divided(exact(bytes), clocked(window / 1e9)), at: first.at };
}

const ms = (ns: number): string => `${(ns / 1e6).toFixed(1)} ms`;
