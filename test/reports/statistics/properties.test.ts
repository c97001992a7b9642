import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean } from '../../../reports/statistics/descriptive.js';
import { cliffsDelta, hedgesG } from '../../../reports/statistics/effect.js';
import { studentInterval, type Interval } from '../../../reports/statistics/intervals.js';
import { positiveInterval, positiveMean, ratioOf } from '../../../reports/statistics/positive.js';
import { randomStream, uniform } from '../../../harness/random.js';
import { holm, mannWhitneyTest, welchTest } from '../../../reports/statistics/tests.js';

const values = fc.array(fc.double({ min: 0.5, max: 2000, noNaN: true }), { minLength: 3, maxLength: 12 });
const factor = fc.constantFrom(0.001, 0.25, 4, 1024);
const close = (a: number | undefined, b: number | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && Math.abs(a - b) <= 1e-6 * Math.max(1e-3, Math.abs(a)));
const ratioInterval = (a: readonly number[], b: readonly number[]): Interval => {
  const [top, base] = [positiveMean(a, 1e-9), positiveMean(b, 1e-9)];
  if (typeof top === 'string' || typeof base === 'string') throw new Error('no interval');
  return positiveInterval(ratioOf(top, base));
};

describe('whatever the values', () => {
  it('a change of unit changes no ratio, p value or effect size', () => {
    fc.assert(
      fc.property(values, values, factor, (a, b, k) => {
        const [scaledA, scaledB] = [a.map((v) => v * k), b.map((v) => v * k)];
        const plain = ratioInterval(a, b);
        const scaled = ratioInterval(scaledA, scaledB);
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

  it('the mean lies in its interval', () => {
    fc.assert(
      fc.property(values, (a) => {
        const interval = studentInterval(a, 1e-9);
        if (typeof interval === 'string') throw new Error(interval);
        expect(interval.low <= mean(a) && mean(a) <= interval.high).toBe(true);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('a value that is not finite leaves no number', () => {
    const odd = fc.constantFrom(Number.NaN, Infinity, -Infinity);
    fc.assert(
      fc.property(values, values, odd, fc.nat(), fc.boolean(), (a, b, value, at, first) => {
        const spoiled = a.map((one, index) => (index === at % a.length ? value : one));
        const [x, y] = first ? [spoiled, b] : [b, spoiled];
        for (const found of [welchTest(x, y), mannWhitneyTest(x, y), hedgesG(x, y), cliffsDelta(x, y)]) {
          expect(found).toBeUndefined();
        }
        expect(positiveMean(spoiled)).toBe('not positive');
      }),
      { seed: 5 },
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
function share(trials: number, simulations: number, check: (a: number[], b: number[]) => boolean): number {
  const normal = normals(`simulation of ${trials}`);
  const sample = (): number[] => Array.from({ length: trials }, () => 100 * (1 + 0.05 * normal()));
  let count = 0;
  for (let index = 0; index < simulations; index += 1) if (check(sample(), sample())) count += 1;
  return count / simulations;
}

describe('in seeded simulation (normal trials, 5 % standard deviation)', () => {
  it.each([3, 5, 10])('the Student t interval of %d trials covers the mean in 95 of 100 cases', (trials) => {
    const covered = share(trials, 2000, (a) => {
      const interval = studentInterval(a);
      return typeof interval === 'object' && interval.low <= 100 && interval.high >= 100;
    });
    expect(covered).toBeGreaterThan(0.935);
    expect(covered).toBeLessThan(0.965);
  });

  it.each([3, 5, 10])('the interval of a ratio of %d trials a side covers it in 94 to 97 of 100 cases', (trials) => {
    const covered = share(trials, 2000, (a, b) => {
      const interval = ratioInterval(a, b);
      return interval.low <= 1 && interval.high >= 1;
    });
    // Two Monte Carlo errors of 2000 simulations are 0.01.
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.98);
  });

  it('Welch’s test at 0.05 rejects equal systems in 5 of 100 cases', () => {
    const rejected = share(5, 2000, (a, b) => (welchTest(a, b) ?? 1) < 0.05);
    expect(rejected).toBeGreaterThan(0.03);
    expect(rejected).toBeLessThan(0.065);
  });
});
