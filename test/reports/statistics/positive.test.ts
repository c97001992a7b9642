import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  differenceInterval,
  studentInterval,
  type Interval,
  type NoInterval,
} from '../../../reports/statistics/intervals.js';
import {
  geometricMean,
  positiveInterval,
  positiveMean,
  ratioOf,
  reciprocal,
  type PositiveMean,
} from '../../../reports/statistics/positive.js';
import { MIN_BLOCKS, pairedRatio } from '../../../reports/statistics/paired.js';
import { mannWhitneyTest, welchTest } from '../../../reports/statistics/tests.js';
// 20 data sets: lognormal samples of unlike sizes and spreads, with what SciPy 1.17.1 and NumPy compute from them.
import scipy from './scipy.json' with { type: 'json' };

function known(one: PositiveMean | NoInterval): PositiveMean {
  if (typeof one === 'string') throw new Error(`no interval: ${one}`);
  return one;
}

function expectClose(found: Interval | NoInterval, [low = NaN, high = NaN]: readonly number[]): void {
  if (typeof found === 'string') throw new Error(`no interval: ${found}`);
  const scale = Math.max(Math.abs(low), Math.abs(high));
  expect(Math.abs(found.low - low) / scale).toBeLessThan(1e-8);
  expect(Math.abs(found.high - high) / scale).toBeLessThan(1e-8);
}

describe('SciPy on 20 data sets, to 8 digits', () => {
  test.each(scipy.map((set, index) => ({ index, ...set })))('data set $index', (set) => {
    const { a, b } = set;
    expectClose(positiveInterval(ratioOf(known(positiveMean(a)), known(positiveMean(b)))), set.ratio);
    expectClose(positiveInterval(known(positiveMean(a))), set.positive);
    expectClose(studentInterval(a), set.mean);
    expectClose(differenceInterval(a, b), set.difference);
    const pairs = a.slice(0, b.length).map((value, at): [number, number] => [value, b[at] as number]);
    const paired = pairedRatio(pairs);
    if (pairs.length < MIN_BLOCKS) expect(paired).toBe('too few');
    else expectClose(logarithms(positiveInterval(known(paired))), set.pairedLog);
    expect(Math.abs((welchTest(a, b) ?? NaN) / set.welch - 1)).toBeLessThan(1e-7);
    expect(Math.abs((mannWhitneyTest(a, b) ?? NaN) / set.mannWhitney - 1)).toBeLessThan(1e-8);
  });
});

function logarithms({ low, high }: Interval): Interval {
  return { low: Math.log(low), high: Math.log(high) };
}

const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
const samples = fc.array(positive, { minLength: 3, maxLength: 12 });

describe('a positive mean', () => {
  it('has an interval that is finite, positive and around its center', () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const [one, other] = [positiveMean(a, 1e-9), positiveMean(b, 1e-9)];
        const ratio = ratioOf(known(one), known(other));
        const { low, high } = positiveInterval(ratio);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(low).toBeLessThanOrEqual(ratio.center);
        expect(high).toBeGreaterThanOrEqual(ratio.center);
      }),
    );
  });

  it('has the same relative width as its reciprocal', () => {
    const one = known(positiveMean([3, 4, 5]));
    const { low, high } = positiveInterval(one);
    expect(positiveInterval(reciprocal(one)).low).toBeCloseTo(1 / high, 12);
    expect(positiveInterval(reciprocal(one)).high).toBeCloseTo(1 / low, 12);
  });

  it('has no interval from too few values, values that are not positive, or equal values of unknown resolution', () => {
    expect(positiveMean([1, 2])).toBe('too few');
    expect(positiveMean([1, 2, 0])).toBe('not positive');
    expect(positiveMean([1, 2, NaN])).toBe('not positive');
    expect(positiveMean([2, 2, 2])).toBe('no spread');
  });

  it('is at least as wide as the rounding of the tool makes it', () => {
    const equal = known(positiveMean([2, 2, 2], 0.1));
    expect(equal.error).toBeCloseTo(0.1 / Math.sqrt(12 * 3) / 2, 12);
    expect(known(positiveMean([1, 2, 3], 0.1))).toEqual(known(positiveMean([1, 2, 3])));
  });

  it('of one mean is that mean, geometrically', () => {
    const one = known(positiveMean([3, 4, 5]));
    const alone = geometricMean([one]);
    expect(alone.center).toBeCloseTo(one.center, 12);
    expect(alone.error).toBeCloseTo(one.error, 12);
    expect(alone.freedom).toBeCloseTo(one.freedom, 12);
    expect(geometricMean([one, reciprocal(one)]).center).toBeCloseTo(1, 12);
  });
});
