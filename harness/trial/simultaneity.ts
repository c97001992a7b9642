import type { Assignment, ClockOffset, GuestTiming, Simultaneity } from '../types.js';

/** Instants of one guest and how its clock becomes the common one. */
export interface TimedGuest {
  readonly timing: GuestTiming;
  readonly clock: ClockOffset;
  readonly role?: Assignment['role'];
}

/** Decimal digits, as many as a kernel prints of nanoseconds. */
const INSTANT = /^\d{1,20}$/;

/**
 * An instant of a guest on the common clock, ns. Exact: an instant has more digits than a double holds. Throws an `Error`
 * on what is no instant and on an offset that is not finite.
 */
export function toCommonNs(instantNs: string, { offsetNs }: ClockOffset): bigint {
  if (!INSTANT.test(instantNs)) throw new Error(`expected an instant in ns, found ${JSON.stringify(instantNs)}`);
  if (!Number.isFinite(offsetNs)) throw new Error(`expected the offset of a clock in ns, found ${offsetNs}`);
  return BigInt(instantNs) + BigInt(Math.round(offsetNs));
}

/**
 * Pure: how simultaneous the guests of a trial were. Loads are left out: they count as running all the time. The
 * overlap is from the last start to the first end, over that from the first start to the last end; 0 where one ended
 * before another began. An instant is wrong by at most its clock's bound, a skew therefore by at most the two largest
 * bounds together. Throws an `Error` when there are only loads, or an instant is none.
 */
export function simultaneityOf(guests: readonly TimedGuest[]): Simultaneity {
  const measured = guests.filter(({ role }) => role !== 'load');
  if (measured.length === 0) throw new Error('simultaneity needs at least one guest that is no load');
  const instants = (pick: (timing: GuestTiming) => string): bigint[] =>
    measured.map(({ timing, clock }) => toCommonNs(pick(timing), clock));
  const released = instants(({ releasedNs }) => releasedNs);
  const started = instants(({ startedNs }) => startedNs);
  const ended = instants(({ endedNs }) => endedNs);
  const together = earliest(ended) - latest(started);
  const span = latest(ended) - earliest(started);
  const [first = 0, second = 0] = measured.map(({ clock }) => clock.boundNs).sort((a, b) => b - a);
  return {
    guests: measured.length,
    releaseSkewNs: Number(latest(released) - earliest(released)),
    startSkewNs: Number(latest(started) - earliest(started)),
    overlap: together > 0n ? Number(together) / Number(span) : 0,
    boundNs: measured.length > 1 ? first + second : 0,
  };
}

/** The first of some instants. Throws a `RangeError` when there are none, as `latest` does. */
export const earliest = (instants: readonly bigint[]): bigint => extreme(instants, (one, other) => one < other);

export const latest = (instants: readonly bigint[]): bigint => extreme(instants, (one, other) => one > other);

function extreme(instants: readonly bigint[], before: (one: bigint, other: bigint) => boolean): bigint {
  const [first, ...rest] = instants;
  if (first === undefined) throw new RangeError('no instants');
  return rest.reduce((best, instant) => (before(instant, best) ? instant : best), first);
}
