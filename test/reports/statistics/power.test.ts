import { describe, expect, it } from 'vitest';
import { noiseOfTwo, relativeWidth, smallestDifference, trialsToResolve } from '../../../reports/statistics/power.js';
import { randomStream, uniform } from '../../../harness/random.js';
import { holm, welchTest } from '../../../reports/statistics/tests.js';

/** Box and Muller: two uniform numbers make a normal one. */
function normalStream(seed: string): () => number {
  const next = randomStream(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));
}

describe('trialsToResolve', () => {
  // n per group of R's power.t.test(delta, sd, sig.level = 0.05, power = 0.8), rounded up: 16.71, 63.77, 25.52, 393.41.
  it.each([
    [1, 1, 17],
    [0.02, 0.01, 64],
    [0.05, 0.04, 26],
    [0.1, 0.02, 394],
  ])('variation %d, difference %d: about %d trials', (variation, difference, expected) => {
    expect(Math.abs((trialsToResolve(variation, difference) ?? 0) - expected)).toBeLessThanOrEqual(1);
  });

  it('is never below three, and has no answer where none is practical', () => {
    expect(trialsToResolve(0, 0.01)).toBe(3);
    expect(trialsToResolve(0.5, 0.001)).toBeUndefined();
    expect(trialsToResolve(0.5, 0)).toBeUndefined();
    expect(trialsToResolve(Number.NaN, 0.1)).toBeUndefined();
  });

  it('promises the power that simulations have', () => {
    const next = normalStream('power');
    const trials = trialsToResolve(0.05, 0.05) ?? 0;
    const rounds = 2000;
    let seen = 0;
    for (let round = 0; round < rounds; round += 1) {
      const a = Array.from({ length: trials }, () => 1 + 0.05 * next());
      const b = Array.from({ length: trials }, () => 1.05 + 0.05 * next());
      if ((welchTest(a, b) ?? 1) < 0.05) seen += 1;
    }
    expect(seen / rounds).toBeGreaterThan(0.77);
    expect(seen / rounds).toBeLessThan(0.84);
  });
});

function floorOf(a: readonly number[], b: readonly number[], resolution = 0): number | undefined {
  const noise = noiseOfTwo(a, b, resolution);
  return noise && smallestDifference(noise, a.length, b.length);
}

describe('smallestDifference', () => {
  it('is what the number of trials of trialsToResolve detects', () => {
    const next = normalStream('floor');
    const trials = trialsToResolve(0.02, 0.02) ?? 0;
    const floors = Array.from({ length: 200 }, () => {
      const side = (): number[] => Array.from({ length: trials }, () => 100 * (1 + 0.02 * next()));
      return floorOf(side(), side()) ?? 0;
    });
    const median = floors.sort((a, b) => a - b)[100] ?? 0;
    expect(median).toBeGreaterThan(0.017);
    expect(median).toBeLessThan(0.023);
  });

  it('is at least what two measurements of the same differ by', () => {
    expect(floorOf([100, 100, 100], [110, 110, 110])).toBeCloseTo(10 / 105, 12);
  });

  it('has none without an interval', () => {
    expect(floorOf([1, 2], [1, 2, 3])).toBeUndefined();
    expect(floorOf([-1, 0, 1], [-1, 0, 1])).toBeUndefined();
    expect(smallestDifference({ variation: 0.01, apart: 0 }, 2, 10)).toBeUndefined();
  });

  it('is larger for fewer trials than the noise run has, by the root of their number and the quantiles', () => {
    const noise = { variation: 0.05, apart: 0.001 };
    // t(0.975, f) + t(0.8, f) is 2.962971 for f = 18 and 3.717410 for f = 4 (SciPy).
    expect(smallestDifference(noise, 10, 10)).toBeCloseTo(2.962971 * 0.05 * Math.sqrt(0.2), 6);
    expect(smallestDifference(noise, 3, 3)).toBeCloseTo(3.71741 * 0.05 * Math.sqrt(2 / 3), 6);
    expect(smallestDifference({ ...noise, apart: 0.5 }, 3, 3)).toBe(0.5);
  });

  it('is not 0 where the tool rounds every value to the same', () => {
    expect(floorOf([2, 2, 2], [2, 2, 2], 0.01)).toBeGreaterThan(0.001);
  });
});

it('relativeWidth is that of the Student t interval', () => {
  // t(0.975, 4) = 2.776; the standard error of 98..102 is sqrt(2.5 / 5).
  expect(relativeWidth([98, 99, 100, 101, 102])).toBeCloseTo((2 * 2.776445 * Math.sqrt(0.5)) / 100, 6);
  expect(relativeWidth([1, 1])).toBeUndefined();
});

it('claims no difference in at least 94 % of simulated exhibits of a system compared with itself', () => {
  const next = normalStream('a/a');
  const rounds = 2000;
  let silent = 0;
  for (let round = 0; round < rounds; round += 1) {
    // Seven rows, as Table 2 has; five trials a side, as the paper; spreads between 0.1 and 10 %.
    const pValues = Array.from({ length: 7 }, (_, row) => {
      const spread = 10 ** (-3 + row / 3);
      const side = (): number[] => Array.from({ length: 5 }, () => 100 * (1 + spread * next()));
      return welchTest(side(), side()) ?? 1;
    });
    if (holm(pValues).every((p) => p >= 0.05)) silent += 1;
  }
  expect(silent / rounds).toBeGreaterThanOrEqual(0.94);
});
