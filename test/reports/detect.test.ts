import { describe, expect, it } from 'vitest';
import { trialsNeeded } from '../../reports/index.js';
import { trialsToResolve } from '../../reports/statistics/power.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

describe('trialsNeeded', () => {
  it('goes by the spread of each metric of each system, those first that need most', () => {
    const needed = trialsNeeded([demoRun({ trials: 20, noise: 0.02 })], [suite], 0.02);
    expect(needed).toHaveLength(22);
    const counts = needed.map(({ trials }) => (typeof trials === 'number' ? trials : NaN));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
    for (const { seen, variation, trials } of needed) {
      expect(seen).toBe(20);
      expect(trials).toBe(trialsToResolve(variation ?? NaN, 0.02));
    }
    // 2 (1.96 + 0.84)^2 is about 16: as many trials resolve a difference as large as the spread.
    expect(counts[Math.floor(counts.length / 2)]).toBeGreaterThan(9);
    expect(counts[Math.floor(counts.length / 2)]).toBeLessThan(26);
  });

  it('pools runs of one configuration', () => {
    const runs = [demoRun({ id: 'a', trials: 2 }), demoRun({ id: 'b', trials: 2 })];
    expect(new Set(trialsNeeded(runs, [suite], 0.02).map(({ seen }) => seen))).toEqual(new Set([4]));
  });

  it('needs more than two trials, and reports when no practical number is enough', () => {
    expect(new Set(trialsNeeded([demoRun({ trials: 2 })], [suite], 0.02).map(({ trials }) => trials))).toEqual(
      new Set(['unknown']),
    );
    const wild = trialsNeeded([demoRun({ trials: 5, noise: 0.2 })], [suite], 0.0001);
    expect(wild[0]?.trials).toBe('too many');
  });

  it('spreads trials over boots by the variance between them, and by what a boot costs', () => {
    const booted = (seconds: number) =>
      ({ at: '2026-11-21T07:00:00.000Z', event: 'booted', host: 'alpha', boot: 'b', ordinal: 1, seconds }) as const;
    const spreadsOf = (seconds?: number) =>
      trialsNeeded(
        [
          demoRun({
            trials: 12,
            bootOf: (_, trial) => `boot-${Math.floor(trial / 3)}`,
            journal: seconds === undefined ? [] : [booted(seconds)],
          }),
        ],
        [suite],
        0.02,
      ).flatMap(({ spread }) => (spread === null ? [] : [spread]));
    const [cheap, dear, assumed] = [spreadsOf(1), spreadsOf(10_000), spreadsOf()];
    expect(cheap.length).toBeGreaterThan(0);
    expect(cheap.every(({ bootVariance }) => bootVariance > 0 && bootVariance <= 1)).toBe(true);
    const total = (all: readonly { readonly trials: number }[]): number =>
      all.reduce((sum, { trials }) => sum + trials, 0);
    expect(total(dear)).toBeGreaterThan(total(cheap));
    expect(assumed.every((one) => one.assumed)).toBe(true);
    expect(cheap.some((one) => one.assumed)).toBe(false);
  });

  it('recommends no spread by the trials of one boot', () => {
    const needed = trialsNeeded([demoRun({ trials: 5, bootOf: () => 'boot-1' })], [suite], 0.02);
    expect(needed.every(({ spread }) => spread === null)).toBe(true);
  });
});
