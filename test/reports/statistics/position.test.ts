import { describe, expect, it, test } from 'vitest';
import { positionTest, type Placed } from '../../../reports/statistics/position.js';
import { normals } from '../../calibrate/sampling.js';
// Blocks with trials missing at random: what NumPy's least squares and SciPy's F distribution (1.17.1) make of them.
import reference from './position.json' with { type: 'json' };

const placed = (rows: readonly (readonly (string | number)[])[]): Placed[] =>
  rows.map(([treatment, position, value]) => ({
    treatment: String(treatment),
    position: Number(position),
    value: Number(value),
  }));

test.each(reference.map((set, index) => ({ index, ...set })))('data set $index agrees with SciPy', (set) => {
  const found = positionTest(placed(set.rows));
  expect(Math.abs((found?.f ?? NaN) / set.f - 1)).toBeLessThan(1e-8);
  expect(found?.freedom).toEqual(set.freedom);
  expect(Math.abs((found?.p ?? NaN) / set.p - 1)).toBeLessThan(1e-8);
});

/** Blocks of two targets in the order A B or B A, where the second position has this effect. */
function blocks(count: number, effect: number, normal: () => number): Placed[] {
  return Array.from({ length: count }, (_, block) => (block % 2 === 0 ? ['a', 'b'] : ['b', 'a'])).flatMap((order) =>
    order.map((treatment, position) => ({
      treatment,
      position,
      value: (treatment === 'a' ? 1 : 2) * Math.exp(effect * position + 0.02 * normal()),
    })),
  );
}

describe('in seeded simulation (2 % standard deviation)', () => {
  const rejected = (effect: number, simulations: number): number => {
    const normal = normals(`position ${effect}`);
    let count = 0;
    for (let at = 0; at < simulations; at += 1) {
      if ((positionTest(blocks(6, effect, normal))?.p ?? 1) < 0.05) count += 1;
    }
    return count / simulations;
  };

  it('rejects in 5 of 100 cases where position has no effect', () => {
    const share = rejected(0, 2000);
    expect(share).toBeGreaterThan(0.035);
    expect(share).toBeLessThan(0.065);
  });

  it('finds an effect of 5 % in more than 95 of 100', () => {
    expect(rejected(0.05, 300)).toBeGreaterThan(0.95);
  });
});

describe('no test', () => {
  it.each([
    [
      'each treatment has a position of its own',
      [
        ['a', 0, 1],
        ['b', 1, 2],
        ['a', 0, 1.1],
        ['b', 1, 2.2],
      ],
    ],
    [
      'too few values',
      [
        ['a', 0, 1],
        ['b', 1, 2],
        ['a', 1, 3],
      ],
    ],
    [
      'values that are not positive',
      [
        ['a', 0, 0],
        ['b', 1, 2],
        ['a', 1, 3],
        ['b', 0, 1],
        ['a', 0, 2],
      ],
    ],
    [
      'equal values',
      [
        ['a', 0, 2],
        ['b', 1, 2],
        ['a', 1, 2],
        ['b', 0, 2],
        ['a', 0, 2],
      ],
    ],
    ['no values', []],
  ] as const)('of %s', (_, rows) => {
    expect(positionTest(placed(rows))).toBeUndefined();
  });
});
