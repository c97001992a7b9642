import type { GuestTrial, RawStep } from '../../harness/types.js';
import { ParseError } from '../parsing.js';
import { toCommonNs } from '../../harness/trial/simultaneity.js';

/** What `read` makes of each guest, in the order of their numbers; its `ParseError` names the guest. */
export function eachGuest<T>(guests: readonly GuestTrial[], read: (guest: GuestTrial) => T): readonly [T, ...T[]] {
  const sorted = guests.toSorted((one, other) => one.assignment.guest - other.assignment.guest);
  const [first, ...rest] = sorted.map((guest) => inGuest(guest, read));
  if (first === undefined) throw new ParseError('the trial has no guests');
  return [first, ...rest];
}

/** What `read` makes of a guest; its `ParseError` names the guest. */
export function inGuest<T>(guest: GuestTrial, read: (guest: GuestTrial) => T): T {
  try {
    return read(guest);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ParseError(`guest ${guest.assignment.guest}: ${error.message}`, error.at);
  }
}

/** A step's time on the common clock, as its guest's agent saw it. Throws a `ParseError` when there is none. */
export function timeOf({ timing, clock }: GuestTrial, { name, stdout }: RawStep): { startNs: bigint; endNs: bigint } {
  const times = Object.hasOwn(timing.steps, name) ? timing.steps[name] : undefined;
  const at = { file: stdout.file, line: stdout.firstLine };
  if (times === undefined) throw new ParseError(`step ${name} has no instants`, at);
  const [startNs, endNs] = [toCommonNs(times.startNs, clock), toCommonNs(times.endNs, clock)];
  if (endNs <= startNs) throw new ParseError(`step ${name} took no time`, at);
  return { startNs, endNs };
}
