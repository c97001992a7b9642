import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancedOrders } from '../../../harness/run/plan/balanced.js';
import { randomStream } from '../../../harness/random.js';

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const;

function take(count: number, blocks: number, seed: number): readonly (readonly string[])[] {
  const orders = balancedOrders(LETTERS.slice(0, count), randomStream(String(seed)));
  return Array.from({ length: blocks }, () => orders.next().value);
}

const design = fc.record({
  count: fc.integer({ min: 0, max: 7 }),
  blocks: fc.integer({ min: 1, max: 30 }),
  seed: fc.nat(),
});

describe('balanced orders', () => {
  it('have every treatment once in each block, and in two positions equally often but for one', () => {
    fc.assert(
      fc.property(design, ({ count, blocks, seed }) => {
        const rows = take(count, blocks, seed);
        for (const row of rows) expect(new Set(row).size).toBe(count);
        for (const letter of LETTERS.slice(0, count)) {
          const counts = Array.from({ length: count }, (_, at) => rows.filter((row) => row[at] === letter).length);
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it.each([2, 3, 4, 5, 6, 7])('of %i treatments let each follow each other equally often in whole designs', (count) => {
    const rows = take(count, count % 2 === 0 ? count : 2 * count, 11);
    const pairs = new Map<string, number>();
    for (const row of rows) {
      for (let at = 1; at < row.length; at += 1) {
        const pair = `${row[at - 1] ?? ''}${row[at] ?? ''}`;
        pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
      }
    }
    expect(pairs.size).toBe(count * (count - 1));
    expect(new Set(pairs.values()).size).toBe(1);
  });

  it('begin with each treatment for some seed: none is always first', () => {
    const firsts = new Set(Array.from({ length: 50 }, (_, seed) => take(3, 1, seed)[0]?.[0]));
    expect(firsts.size).toBe(3);
  });
});
