import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bootstrapMeans, ratioInterval } from '../../../reports/statistics/bootstrap.js';
import { mean } from '../../../reports/statistics/descriptive.js';
import { cliffsDelta, hedgesG } from '../../../reports/statistics/effect.js';
import { bandAround, judgeInterval } from '../../../reports/statistics/equivalence.js';
import { meanInterval } from '../../../reports/statistics/intervals.js';
import { randomStream, uniform } from '../../../harness/random.js';
import { holm, mannWhitneyTest, welchTest } from '../../../reports/statistics/tests.js';

const values = fc.array(fc.double({ min: 0.5, max: 2000, noNaN: true }), { minLength: 3, maxLength: 12 });
const factor = fc.constantFrom(0.001, 0.25, 4, 1024);
const close = (a: number | undefined, b: number | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-6 * Math.max(1e-3, Math.abs(a)));
const ratioOf = (a: readonly number[], b: readonly number[], resamples: number, seed = 'r') => {
  const [top] = bootstrapMeans([Float64Array.from(a)], `${seed} a`, resamples);
  const [base] = bootstrapMeans([Float64Array.from(b)], `${seed} b`, resamples);
  return ratioInterval(top as Float64Array, base as Float64Array, 0.95);
};

describe('whatever the values', () => {
  it('a change of unit changes no ratio, p value or effect size', () => {
    fc.assert(
      fc.property(values, values, factor, (a, b, k) => {
        const [scaledA, scaledB] = [a.map((v) => v * k), b.map((v) => v * k)];
        const plain = ratioOf(a, b, 200);
        const scaled = ratioOf(scaledA, scaledB, 200);
        expect(close(plain.low, scaled.low) && close(plain.high, scaled.high)).toBe(true);
        expect(close(welchTest(a, b), welchTest(scaledA, scaledB))).toBe(true);
        expect(close(hedgesG(a, b), hedgesG(scaledA, scaledB))).toBe(true);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('exchanging the sides keeps p and turns the effect round', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(close(mannWhitneyTest(a, b), mannWhitneyTest(b, a))).toBe(true);
        expect(close(welchTest(a, b), welchTest(b, a))).toBe(true);
        expect((cliffsDelta(a, b) ?? 0) + (cliffsDelta(b, a) ?? 0)).toBeCloseTo(0, 12);
      }),
      { seed: 2 },
    );
  });

  it('the mean lies in its interval, and every resampled mean between the extremes', () => {
    fc.assert(
      fc.property(values, (a) => {
        const interval = meanInterval(a);
        const center = mean(a);
        expect((interval?.low ?? Infinity) <= center && center <= (interval?.high ?? -Infinity)).toBe(true);
        const [means] = bootstrapMeans([Float64Array.from(a)], 'm', 100);
        const slack = 1e-9 * Math.max(...a);
        for (const resampled of means ?? []) {
          expect(resampled).toBeGreaterThanOrEqual(Math.min(...a) - slack);
          expect(resampled).toBeLessThanOrEqual(Math.max(...a) + slack);
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('Holm never lowers a p value and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }), (pValues) => {
        const adjusted = holm(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          for (const [j, q] of pValues.entries()) if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j] ?? 0);
        }
      }),
      { seed: 4 },
    );
  });
});

/** Normal numbers from the project's own generator, Box and Muller's way. */
function normals(seed: string): () => number {
  const next = randomStream(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform(next))) * Math.cos(2 * Math.PI * uniform(next));
}

/** Seeded simulation of two equal systems: what share of it `check` holds for. */
function share(
  trials: number,
  simulations: number,
  check: (a: number[], b: number[], seed: string) => boolean,
): number {
  const normal = normals(`simulation of ${trials}`);
  const sample = (): number[] => Array.from({ length: trials }, () => 100 * (1 + 0.05 * normal()));
  let count = 0;
  for (let index = 0; index < simulations; index += 1) if (check(sample(), sample(), String(index))) count += 1;
  return count / simulations;
}

describe('in seeded simulation (normal trials, 5 % standard deviation)', () => {
  it.each([3, 5, 10])('the Student t interval of %d trials covers the mean in 95 of 100 cases', (trials) => {
    const covered = share(trials, 2000, (a) => {
      const interval = meanInterval(a);
      return interval !== undefined && interval.low <= 100 && interval.high >= 100;
    });
    expect(covered).toBeGreaterThan(0.935);
    expect(covered).toBeLessThan(0.965);
  });

  // The numbers that the method note of the report gives. Percentile intervals from few trials are too narrow.
  it.each([
    [3, 0.81],
    [5, 0.88],
    [10, 0.92],
    [30, 0.945],
  ])('the bootstrap interval of a ratio from %d trials a side covers it in a share of %d', (trials, expected) => {
    const covered = share(trials, 1500, (a, b, seed) => {
      const interval = ratioOf(a, b, 600, seed);
      return interval.low <= 1 && interval.high >= 1;
    });
    expect(Math.abs(covered - expected)).toBeLessThan(0.025);
  });

  it.each([
    [3, 0.03],
    [5, 0.015],
    [10, 0.005],
  ])('A/A with %d trials a side is hardly ever called contradicted', (trials, limit) => {
    const contradicted = share(trials, 1500, (a, b, seed) => {
      const verdict = judgeInterval(mean(a) / mean(b), ratioOf(a, b, 600, seed), bandAround(1), trials).verdict;
      return verdict === 'contradicted';
    });
    expect(contradicted).toBeLessThan(limit);
  });

  it('Welch’s test at 0.05 rejects equal systems in 5 of 100 cases', () => {
    const rejected = share(5, 2000, (a, b) => (welchTest(a, b) ?? 1) < 0.05);
    expect(rejected).toBeGreaterThan(0.03);
    expect(rejected).toBeLessThan(0.065);
  });
});
