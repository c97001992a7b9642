import { describe, expect, it, test } from 'vitest';
import { bandAround, isInside, isOutside } from '../../../reports/statistics/equivalence.js';
import { judgeFamily } from '../../../reports/statistics/family.js';
import type { Interval } from '../../../reports/statistics/intervals.js';
import {
  exactly,
  greatest,
  observe,
  shareAboveOne,
  withoutInterval,
  type Observed,
} from '../../../reports/statistics/observed.js';
import { normals } from '../../calibrate/sampling.js';
import { simulatedRatio } from '../../calibrate/verdicts.js';

const at = (center: number, error: number): Observed => observe({ scale: 'log', center, error, freedom: 8, trials: 5 });

describe('a family of comparisons', () => {
  const band = bandAround(2);

  test.each([
    ['inside', at(2, 0.005), 'reproduced'],
    ['outside above', at(2.3, 0.005), 'contradicted'],
    ['outside below', at(1.5, 0.005), 'contradicted'],
    ['over an edge', at(2.08, 0.02), 'inconclusive'],
    ['wider than the band', at(2, 0.2), 'inconclusive'],
    ['without an interval', withoutInterval(5, 2), 'inconclusive'],
  ] as const)('%s', (_name, observed, verdict) => {
    expect(judgeFamily([{ observed, band }])[0]?.verdict).toBe(verdict);
  });

  it('contradicts less with more comparisons, and reproduces as before', () => {
    // Outside with a p value of some 0.02.
    const doubtful = { observed: at(2.1 * Math.exp(2.9 * 0.01), 0.01), band };
    const sure = { observed: at(2, 0.005), band };
    expect(judgeFamily([doubtful])[0]).toMatchObject({ verdict: 'contradicted' });
    const family = judgeFamily([doubtful, ...Array.from({ length: 11 }, () => sure)]);
    expect(family[0]).toMatchObject({ verdict: 'inconclusive' });
    expect(family[0]?.holmP).toBeCloseTo(12 * (family[0]?.p ?? 0), 10);
    expect(family.slice(1).every(({ verdict }) => verdict === 'reproduced')).toBe(true);
  });

  it('has the p value at which the interval leaves the band', () => {
    const observed = at(2.2, 0.012);
    const [judged] = judgeFamily([{ observed, band }]);
    const p = judged?.p ?? 0;
    expect(isOutside(observed.interval(1 - p * 1.001) as Interval, band)).toBe(true);
    expect(isOutside(observed.interval(1 - p * 0.999) as Interval, band)).toBe(false);
  });

  it.each([
    [3, [1.0046, 1.0073, 1.0099], 0.015],
    [3, [1.015, 1.015, 1.015], 0.015],
    [5, Array.from({ length: 12 }, () => 1.05), 0.05],
  ])('of %d trials that holds at its edges is contradicted in at most 5 of 100 cases', (trials, truths, margin) => {
    const simulations = 1500;
    const normal = normals(`family ${trials} ${truths.length}`);
    let contradicted = 0;
    for (let index = 0; index < simulations; index += 1) {
      const family = truths.map((truth) => ({
        observed: simulatedRatio(truth, 0.01, trials, 'normal', normal),
        band: bandAround(1, margin),
      }));
      if (judgeFamily(family).some(({ verdict }) => verdict === 'contradicted')) contradicted += 1;
    }
    // Two Monte Carlo errors of 1500 simulations are 0.011.
    expect(contradicted / simulations).toBeLessThan(0.061);
  });

  it.each([
    ['inside', 1.02, 0.03],
    ['near an edge', 1.04, 0.01],
    ['outside', 1.08, 0.04],
  ])('is decided by the trials that it names in 80 of 100 cases: %s', (_where, truth, cv) => {
    const pilot = observe({ scale: 'log', center: truth, error: cv * Math.sqrt(2 / 5), freedom: 8, trials: 5 });
    const [judged] = judgeFamily([{ observed: pilot, band: bandAround(1) }]);
    const trials = judged?.trials ?? 0;
    expect(judged?.verdict).toBe('inconclusive');
    const simulations = 1000;
    const normal = normals(`decide ${truth}`);
    const decided = (count: number): number => {
      let number = 0;
      for (let index = 0; index < simulations; index += 1) {
        const interval = simulatedRatio(truth, cv, count, 'normal', normal).interval(0.95) as Interval;
        if (isInside(interval, bandAround(1)) || isOutside(interval, bandAround(1))) number += 1;
      }
      return number / simulations;
    };
    // Two Monte Carlo errors of 1000 simulations are 0.025. A quarter fewer trials would not do.
    expect(decided(trials)).toBeGreaterThan(0.775);
    expect(decided(Math.ceil(0.75 * trials) - 1)).toBeLessThan(0.8);
  });

  it('names no number beyond the practical, and none at an edge', () => {
    expect(judgeFamily([{ observed: at(2.1 - 1e-6, 0.1), band }])[0]).toMatchObject({ trials: null });
  });
});

describe('quantities of several', () => {
  it('the greatest has the largest ends, each wider than alone', () => {
    const all = greatest([at(2, 0.01), at(3, 0.01)]);
    expect(all.center).toBe(3);
    const alone = at(3, 0.01).interval(0.95) as Interval;
    const interval = all.interval(0.95) as Interval;
    expect(interval.high).toBeGreaterThan(alone.high);
    expect(interval.low).toBeLessThan(alone.low);
    expect(greatest([at(2, 0.01), withoutInterval(1, 2)]).interval(0.95)).toBeNull();
  });

  it('a share above 1 counts what is sure for its low end and what may be for its high end', () => {
    const share = shareAboveOne([at(1.5, 0.01), at(1.4, 0.01), at(1, 0.1), at(0.5, 0.01)]);
    expect(share.center).toBe(50);
    expect(share.interval(0.95)).toEqual({ low: 50, high: 75 });
  });

  it('what is published is exact', () => {
    expect(exactly({ low: 1, high: 2 }).interval(0.5)).toEqual({ low: 1, high: 2 });
  });
});
