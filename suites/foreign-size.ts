import type { ProfileId } from '../harness/types.js';

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
