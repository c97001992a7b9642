import { createHash } from 'node:crypto';

/** A stream of uniform 32-bit unsigned integers. */
export type RandomStream = () => number;

/** The same stream, a block at a time: several times faster, because the state stays in registers for a block. */
export type RandomBlocks = (block: Uint32Array) => void;

/**
 * xoshiro128** 1.1 of Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators" (ACM TOMS 47, 2021; their
 * reference code is public domain). The 128 bits of state are the first half of the SHA-256 of `seed`, so that streams
 * of different seeds have nothing to do with each other.
 */
export function randomBlocks(seed: string): RandomBlocks {
  const digest = createHash('sha256').update(seed).digest();
  const words = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
  // The all-zero state is the one that the generator never leaves.
  return xoshiro128(Int32Array.from(words.every((word) => word === 0) ? [1, 0, 0, 0] : words));
}

/** The generator from four words of state, which must not all be zero. */
export function xoshiro128(state: Int32Array): RandomBlocks {
  return (block) => {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let index = 0; index < block.length; index += 1) {
      const scaled = Math.imul(b, 5);
      block[index] = Math.imul((scaled << 7) | (scaled >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    state.set([a, b, c, d]);
  };
}

/** One number at a time. */
export function randomStream(seed: string): RandomStream {
  const fill = randomBlocks(seed);
  const block = new Uint32Array(64);
  let at = block.length;
  return () => {
    if (at === block.length) {
      fill(block);
      at = 0;
    }
    at += 1;
    return block[at - 1] as number;
  };
}

/** A uniform number in [0, 1) with 32 bits. */
export function uniform(next: RandomStream): number {
  return next() / 0x1_0000_0000;
}

/** A shuffled copy (Fisher and Yates, as Knuth's Algorithm P), every order equally likely up to the stream's quality. */
export function shuffled<T>(items: readonly T[], next: RandomStream): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const pick = next() % (last + 1);
    [result[last], result[pick]] = [result[pick] as T, result[last] as T];
  }
  return result;
}
