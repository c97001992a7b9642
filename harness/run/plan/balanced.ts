import { shuffled } from '../../random.js';

/**
 * Orders of treatments for successive blocks in which each takes each position equally often: rows of Williams squares
 * (Williams, "Experimental designs balanced for the estimation of residual effects of treatments", Australian Journal of
 * Scientific Research A 2, 1949). A square has a row for each treatment; each treatment is once in each position, and an
 * even number of them follow each other equally often too (an odd number need the mirrored square, which comes next).
 * Treatments are given their letters, and rows their order, at random. Two treatments come as A B, B A or B A, A B.
 *
 * After any number of blocks the counts of a treatment in two positions differ by at most one. Endless; `next` is a
 * stream of random 32-bit numbers.
 */
export function* balancedOrders<T>(treatments: readonly T[], next: () => number): Generator<readonly T[], never> {
  if (treatments.length === 0) for (;;) yield [];
  const letters = shuffled(treatments, next);
  const base = zigzag(letters.length);
  for (let square = 0; ; square += 1) {
    const first = square % 2 === 0 ? base : base.toReversed();
    for (const shift of shuffled([...letters.keys()], next)) {
      yield first.map((letter) => letters[(letter + shift) % letters.length] as T);
    }
  }
}

/** 0, 1, k - 1, 2, k - 2, ...: neighbours differ by every step once, which balances who follows whom. */
function zigzag(count: number): number[] {
  return Array.from({ length: count }, (_, at) => (at % 2 === 1 ? (at + 1) / 2 : (count - at / 2) % count));
}
