import type { ClockOffset } from '../../types.js';

/** CLOCK_MONOTONIC of this process's machine in ns. */
export type MonotonicClock = () => bigint;

export const machineClock: MonotonicClock = () => process.hrtime.bigint();

/** The shortest of so many round trips is used: it has the smallest error. */
const ROUND_TRIPS = 8;
/** Clocks of machines drift by some 10 us a second; two offsets further apart than this are not of the same clocks. */
const MAX_DRIFT_NS = 1e9;

/**
 * The offset of a guest's clock to this machine's, by Cristian's method ("Probabilistic clock synchronization", 1989):
 * the guest read its clock somewhere within the round trip, so its middle is wrong by at most half of it. The shortest
 * of several round trips is taken.
 */
export async function measureOffset(read: () => Promise<bigint>, clock: MonotonicClock): Promise<ClockOffset> {
  let best: ClockOffset | undefined;
  for (let round = 0; round < ROUND_TRIPS; round += 1) {
    const asked = clock();
    const there = await read();
    const answered = clock();
    const boundNs = Number(answered - asked) / 2;
    if (best === undefined || boundNs < best.boundNs) best = { offsetNs: Number(asked - there) + boundNs, boundNs };
  }
  if (best === undefined) throw new RangeError('no round trips');
  return best;
}

/**
 * What holds for all of a trial: the middle of the offsets before and after it, wrong by half of what they drifted apart
 * beside what either may be wrong by. Undefined where they cannot be of the same two clocks: a machine was restarted.
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
