import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureOffset, settledOffset } from '../../../harness/run/trial/clock.js';

/** A guest whose clock is `offset` ns behind, reached by ways of these lengths, there and back. */
function guest(offset: bigint, ways: readonly (readonly [there: number, back: number])[]) {
  let now = 1_000_000_000_000n;
  let round = 0;
  return {
    clock: () => now,
    read(): Promise<bigint> {
      const [there, back] = ways[round++ % ways.length] ?? [0, 0];
      now += BigInt(there);
      const reading = now - offset;
      now += BigInt(back);
      return Promise.resolve(reading);
    },
  };
}

const way = fc.tuple(fc.integer({ min: 0, max: 5_000_000 }), fc.integer({ min: 0, max: 5_000_000 }));

describe('the offset of a clock', () => {
  it('is wrong by no more than its bound, whatever the ways there and back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -900_000_000_000n, max: 900_000_000_000n }),
        fc.array(way, { minLength: 1, maxLength: 8 }),
        async (offset, ways) => {
          const there = guest(offset, ways);
          const measured = await measureOffset(() => there.read(), there.clock);
          expect(Math.abs(measured.offsetNs - Number(offset))).toBeLessThanOrEqual(measured.boundNs);
          expect(measured.boundNs).toBe(Math.min(...ways.map(([there, back]) => (there + back) / 2)));
        },
      ),
    );
  });

  it('is the middle of before and after, and may be wrong by half of the drift, too', () => {
    const settled = settledOffset({ offsetNs: 1000, boundNs: 30 }, { offsetNs: 1200, boundNs: 50 });
    expect(settled).toEqual({ offsetNs: 1100, boundNs: 150 });
  });

  it('is none when a machine was restarted in between', () => {
    expect(settledOffset({ offsetNs: 0, boundNs: 1 }, { offsetNs: 2e9, boundNs: 1 })).toBeUndefined();
    expect(settledOffset({ offsetNs: 0, boundNs: 1 }, { offsetNs: Number.NaN, boundNs: 1 })).toBeUndefined();
  });
});
