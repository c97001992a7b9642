/** What could be paired, and what is left over on each side. */
export interface Paired<T> {
  readonly pairs: readonly (readonly [a: T, b: T])[];
  readonly left: { readonly a: readonly T[]; readonly b: readonly T[] };
}

/**
 * Pairs the items of two lists. Each level is a key; where exactly one unpaired item of each side has a key, the two are a
 * pair. Levels are tried in order, so that the most specific comes first. The result depends neither on the order of the
 * items nor, but for the order within pairs, on which list is which.
 */
export function pairUp<T>(as: readonly T[], bs: readonly T[], levels: readonly ((item: T) => string)[]): Paired<T> {
  const pairs: (readonly [T, T])[] = [];
  let left = { a: as, b: bs };
  for (const keyOf of levels) {
    const [byA, byB] = [grouped(left.a, keyOf), grouped(left.b, keyOf)];
    for (const [key, [a, ...othersA]] of byA) {
      const [b, ...othersB] = byB.get(key) ?? [];
      if (a === undefined || b === undefined || othersA.length + othersB.length > 0) continue;
      pairs.push([a, b]);
    }
    const done = new Set(pairs.flat());
    left = { a: left.a.filter((item) => !done.has(item)), b: left.b.filter((item) => !done.has(item)) };
  }
  return { pairs, left };
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
