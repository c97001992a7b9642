import type { CpuClock } from '../harness/types/system.js';
import type { Origin, RawTrial } from '../harness/types.js';
import { ParseError } from './parsing.js';
import type { Quantity } from './quantity.js';

/** CPU time that a guest used around its measured steps. */
export interface CpuUse {
  readonly seconds: Quantity;
  readonly clock: CpuClock;
  readonly at: Origin;
}

/**
 * CPU time of the guest by its platform's accounting, for suites with `needs.cpuTime`. The counters are read a fraction of a
 * second before the start and after the end; the guest is idle then. Throws a `ParseError` where they were not read, or were
 * read from two kinds of source, or did not increase.
 */
export function cpuUseOf({ cpuTime }: RawTrial): CpuUse {
  if (cpuTime === undefined) throw new ParseError("the platform's accounting of CPU time was not read");
  const { before, after, at } = cpuTime;
  if (before.source.kind !== after.source.kind) {
    const [first, second] = [before.source.words, after.source.words];
    throw new ParseError(`CPU time was read from ${first}, and afterwards from ${second}`, at);
  }
  const seconds = { value: after.seconds - before.seconds, resolution: after.stepSeconds ?? 0 };
  // A guest that was measured used some; a counter that did not increase is no measurement.
  if (!(seconds.value > 0))
    throw new ParseError(`CPU time changed by ${seconds.value} s while the guest was measured`, at);
  return { seconds, clock: after.source, at };
}
