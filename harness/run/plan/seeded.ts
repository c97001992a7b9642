/**
 * A seeded stream of 32-bit numbers: splitmix32, the 32-bit form of the generator of Steele, Lea and Flood, "Fast
 * Splittable Pseudorandom Number Generators" (OOPSLA 2014), with the finalizer constants of MurmurHash3. Order of
 * trials only; the statistics have a generator of their own.
 */
export function seededStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}

/** A shuffled copy (Fisher and Yates, as Knuth's Algorithm P), every order equally likely up to the stream's quality. */
export function shuffled<T>(items: readonly T[], next: () => number): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const pick = next() % (last + 1);
    [result[last], result[pick]] = [result[pick] as T, result[last] as T];
  }
  return result;
}
