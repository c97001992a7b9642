import { describe, expect, it, test } from 'vitest';
import { mean, quantileOfSorted, standardDeviation, variance } from '../../../reports/statistics/descriptive.js';
import { cliffsDelta, hedgesG } from '../../../reports/statistics/effect.js';
import {
  differenceInterval,
  studentInterval,
  studentQuantile,
  type Interval,
} from '../../../reports/statistics/intervals.js';
import { randomBlocks, randomStream, xoshiro128 } from '../../../harness/random.js';
import { holm, mannWhitneyTest, welchTest } from '../../../reports/statistics/tests.js';

// Expected values are SciPy 1.17.1's on the same data, unless another source is named.
const A = [86.5, 87.1, 85.9, 86.8, 86.2];
const B = [86.9, 88.3, 87.4, 86.1, 89.0, 87.7];
const TIED_A = [1, 2, 2, 3, 4, 4, 4, 5];
const TIED_B = [2, 3, 4, 5, 5, 6, 7];
const LARGE_A = [
  10.00123, 10.298746, 9.725862, 9.109408, 9.545329, 9.008353, 10.060144, 11.340215, 9.507793, 9.379525, 10.489842,
  10.356887, 10.105414, 9.069532, 9.970748, 10.695303, 8.655785, 9.542384, 8.098777, 8.710462, 8.158265, 9.764909,
  8.732554, 10.271264, 10.156751,
];
const LARGE_B = [
  10.319604, 6.82486, 9.791961, 10.527249, 10.769963, 8.304796, 9.88337, 9.132221, 9.386744, 12.191348, 9.388698,
  10.551217, 11.926585, 9.724599, 10.432447, 10.765696, 10.695673, 8.762416, 10.71421, 12.638235, 8.279283, 11.889074,
  10.779031, 9.637794, 13.600625, 11.74339, 8.801067, 10.711774, 11.465034, 10.316827,
];

function known(interval: Interval | string): Interval {
  if (typeof interval === 'string') throw new Error(`no interval: ${interval}`);
  return interval;
}

describe('means and spreads', () => {
  it('agrees with SciPy', () => {
    expect(mean(A)).toBeCloseTo(86.5, 12);
    expect(variance(A)).toBeCloseTo(0.225, 12);
    expect(standardDeviation(A)).toBeCloseTo(Math.sqrt(0.225), 12);
  });

  it('keeps its digits when all values share a large offset', () => {
    expect(variance([1e12 + 1, 1e12 + 2, 1e12 + 3])).toBe(1);
  });

  it('has no number for no values', () => {
    expect(() => mean([])).toThrow(RangeError);
    expect(() => variance([1])).toThrow(RangeError);
    expect(() => quantileOfSorted([], 0.5)).toThrow(RangeError);
  });

  it('interpolates quantiles as definition 7 of Hyndman and Fan', () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(quantileOfSorted([1, 2, 3, 4], 1)).toBe(4);
  });
});

describe('Student t', () => {
  test.each([
    [0.95, 2, 4.302652729749462],
    [0.95, 4, 2.7764451051977934],
    [0.95, 7.35, 2.3419883077524375],
    [0.99, 30, 2.7499956535672254],
    [0.95, 1000, 1.9623390808264083],
  ])('quantile at %d with %d degrees of freedom', (confidence, freedom, expected) => {
    expect(studentQuantile(confidence, freedom)).toBeCloseTo(expected, 7);
  });

  it('gives the interval of a mean', () => {
    const interval = known(studentInterval(A));
    expect(interval.low).toBeCloseTo(85.91102705155674, 8);
    expect(interval.high).toBeCloseTo(87.08897294844326, 8);
  });

  it('gives the interval of a difference of means', () => {
    const interval = known(differenceInterval(A, B));
    expect(interval.low).toBeCloseTo(-2.1650733925664927, 7);
    expect(interval.high).toBeCloseTo(0.031740059233138496, 7);
  });

  it('has no interval below three values', () => {
    expect(studentInterval([1, 2])).toBe('too few');
    expect(differenceInterval(A, [1, 2])).toBe('too few');
  });
});

describe('equal values', () => {
  it('have an interval as wide as the rounding of the tool makes it, and none where that is unknown', () => {
    expect(studentInterval([2, 2, 2])).toBe('no spread');
    expect(differenceInterval([2, 2, 2], [1, 1, 1])).toBe('no spread');
    const half = (4.302652729749462 * 0.1) / Math.sqrt(12 * 3);
    expect(known(studentInterval([2, 2, 2], 0.1)).high).toBeCloseTo(2 + half, 8);
    expect(known(differenceInterval([2, 2, 2], [1, 1, 1], [0.1, 0])).low).toBeCloseTo(1 - half, 8);
  });
});

describe('tests of a difference', () => {
  it('Welch', () => {
    expect(welchTest(A, B)).toBeCloseTo(0.05535408574619642, 8);
    expect(welchTest(LARGE_A, LARGE_B)).toBeCloseTo(0.025994650136668, 8);
  });

  it('Mann and Whitney: exact without ties, normal with them or when large', () => {
    expect(mannWhitneyTest([1, 2, 3], [4, 5, 6])).toBeCloseTo(0.1, 12);
    expect(mannWhitneyTest(A, B)).toBeCloseTo(0.08225108225108226, 12);
    expect(mannWhitneyTest(TIED_A, TIED_B)).toBeCloseTo(0.11194323153940994, 8);
    expect(mannWhitneyTest(LARGE_A, LARGE_B)).toBeCloseTo(0.013916989631593393, 8);
  });

  it('has no p where nothing varies', () => {
    expect(welchTest([1, 1, 1], [1, 1, 1])).toBeUndefined();
    expect(mannWhitneyTest([1, 1, 1], [1, 1, 1])).toBeUndefined();
    expect(mannWhitneyTest([], [1])).toBeUndefined();
  });

  it('Holm, with the steps worked by hand', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('effect sizes', () => {
  it('agrees with direct computation', () => {
    expect(hedgesG(A, B)).toBeCloseTo(-1.181363716516216, 10);
    expect(cliffsDelta(TIED_A, TIED_B)).toBeCloseTo(-0.5, 12);
    expect(cliffsDelta([3, 4], [1, 2])).toBe(1);
  });

  it('is undefined where there is no spread or no value', () => {
    expect(hedgesG([1, 1], [2, 2])).toBeUndefined();
    expect(cliffsDelta([], [1])).toBeUndefined();
  });
});

describe('random numbers', () => {
  it('is xoshiro128** 1.1: the sequence of its reference code from the state 1, 2, 3, 4', () => {
    const block = new Uint32Array(6);
    xoshiro128(Int32Array.of(1, 2, 3, 4))(block);
    expect([...block]).toEqual([11520, 0, 5927040, 70819200, 2031721883, 1637235492]);
  });

  it('gives the same stream one at a time, in blocks, and in blocks cut elsewhere', () => {
    const whole = new Uint32Array(200);
    randomBlocks('x')(whole);
    const cut = randomBlocks('x');
    const pieces = [7, 93, 100].flatMap((length) => {
      const block = new Uint32Array(length);
      cut(block);
      return [...block];
    });
    const next = randomStream('x');
    expect(pieces).toEqual([...whole]);
    expect(Array.from({ length: 200 }, next)).toEqual([...whole]);
  });

  it('is another stream for another seed', () => {
    expect(randomStream('a')()).not.toBe(randomStream('b')());
  });
});
