import type { ClockOffset } from '../../types.js';

/** CLOCK_MONOTONIC of this process's machine in ns. */
export type MonotonicClock = () => bigint;

export const machineClock: MonotonicClock = () => process.hrtime.bigint();

/** Of this number of round trips the shortest is used: it has the smallest error. */
const ROUND_TRIPS = 8;
/** Clocks of machines drift by some 10 us a second; two offsets further apart than this are not of the same clocks. */
const MAX_DRIFT_NS = 1e9;

/**
 * The offset of a guest's clock to this machine's, by Cristian's method ("Probabilistic clock synchronization", 1989):
 * the guest reads its clock at some time within the round trip, so taking the middle is wrong by at most half of it.
 */
export async function measureOffset(read: () => Promise<bigint>, clock: MonotonicClock): Promise<ClockOffset> {
  let best: ClockOffset | undefined;
  for (let round = 0; round < ROUND_TRIPS; round += 1) {
    const sent = clock();
    const there = await read();
    const answered = clock();
    const boundNs = Number(answered - sent) / 2;
    if (best === undefined || boundNs < best.boundNs) best = { offsetNs: Number(sent - there) + boundNs, boundNs };
  }
  if (best === undefined) throw new RangeError('no round trips');
  return best;
}

/**
 * The offset for a whole trial: the middle of the offsets before and after it. Its error is half of their difference plus
 * the larger error of the two. Undefined where they cannot be of the same two clocks, because a machine was restarted.
 * Pure.
 */
export function settledOffset(before: ClockOffset, after: ClockOffset): ClockOffset | undefined {
  const drift = Math.abs(after.offsetNs - before.offsetNs);
  if (!(drift <= MAX_DRIFT_NS)) return undefined;
  return {
    offsetNs: (before.offsetNs + after.offsetNs) / 2,
    boundNs: Math.max(before.boundNs, after.boundNs) + drift / 2,
  };
}
