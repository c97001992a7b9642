import type { HourglassReport } from './report.js';

/** A piece of time on the clock of one guest, ns. */
export interface Window {
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** The time in which all threads of a guest ran. */
export const windowOf = ({ workers, startNs, endNs }: HourglassReport): Window => ({
  fromNs: workers.reduce((last, { firstNs }) => (firstNs > last ? firstNs : last), startNs),
  toNs: endNs,
});

/**
 * Pure: how much of one CPU a guest had within a window, 2 on two CPUs. It counts the slots that lie wholly in the window,
 * so it is exact for a window up to two slots shorter. `undefined` if there is none. The window must lie in `windowOf`.
 */
export function cpusWithin({ workers, slotNs }: HourglassReport, { fromNs, toNs }: Window): number | undefined {
  const slot = BigInt(slotNs);
  const [first, end] = [(fromNs + slot - 1n) / slot, toNs / slot];
  if (end <= first) return undefined;
  const ran = workers.reduce((sum, worker) => {
    const base = worker.slotsFromNs / slot;
    const within = worker.slots.slice(Number(first - base), Number(end - base));
    return sum + within.reduce((total, ns) => total + ns, 0);
  }, 0);
  return ran / (Number(end - first) * slotNs);
}
