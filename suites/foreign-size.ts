import type { Origin, ProfileId } from '../harness/types.js';

/**
 * For `ForeignTrial.contradicts`: what of an output contradicts the size of each profile. `compare` returns the words of the
 * first difference, or undefined where what the output states is of that size.
 */
export function contradictionsOf<Size>(
  sizes: Readonly<Record<ProfileId, Size>>,
  compare: (size: Size) => string | undefined,
): Readonly<Record<ProfileId, string | undefined>> {
  return { paper: compare(sizes.paper), quick: compare(sizes.quick) };
}

/** `expected 10 clients, found 1`; undefined where they are the same, or differ by less than `slack`. */
export function otherCount(what: string, expected: number, found: number, slack = 0): string | undefined {
  if (Math.abs(found - expected) <= slack) return undefined;
  return `expected ${expected} ${what}, found ${found}`;
}

/** How much longer or shorter than requested a run by time may be: tools end with what they have begun. */
const DURATION_SLACK = { part: 0.05, seconds: 0.5 } as const;

/** `expected 60 s, found 10 s`; undefined where they are the same. */
export function otherDuration(expected: number, found: number): string | undefined {
  if (Math.abs(found - expected) <= Math.max(DURATION_SLACK.seconds, DURATION_SLACK.part * expected)) return undefined;
  return `expected ${expected} s, found ${inSeconds(found)}`;
}

/** `10 s`: whole seconds from two on, so that runs of one length have one name. */
export function inSeconds(seconds: number): string {
  return `${seconds >= 1.5 ? Math.round(seconds) : Number(seconds.toPrecision(2))} s`;
}

/** The member `size` of a `ForeignTrial`. */
export function statedSize(
  words: string,
  at: Origin,
): { readonly size: { readonly words: string; readonly at: Origin } } {
  return { size: { words, at } };
}
