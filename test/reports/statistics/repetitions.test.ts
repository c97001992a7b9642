import { describe, expect, it } from 'vitest';
import { randomStream, uniform } from '../../../harness/random.js';
import { mean } from '../../../reports/statistics/descriptive.js';
import { repetitionsToResolve, trialsPerBoot } from '../../../reports/statistics/repetitions.js';
import { welchTest } from '../../../reports/statistics/tests.js';

const components = (between: number, within: number) => ({ between, within, clipped: false });

describe('trialsPerBoot', () => {
  it.each([
    ['sqrt(100 / 1 * 4 / 1)', 1, 4, 100, 1, 20],
    ['boots as cheap as trials', 1, 1, 1, 1, 1],
    ['boots that vary most', 100, 1, 10, 10, 1],
    ['no variance within boots', 1, 0, 100, 1, 1],
  ])('is %s', (_, between, within, boot, trial, expected) => {
    expect(trialsPerBoot(components(between, within), { boot, trial })).toBe(expected);
  });

  it.each([
    [1, 4, 100, 1],
    [0.3, 2, 90, 7],
    [2, 0.5, 60, 40],
  ])('costs least for components %d and %d and costs of %d and %d s', (between, within, boot, trial) => {
    const price = (r: number): number => (between + within / r) * (boot + r * trial);
    const best = trialsPerBoot(components(between, within), { boot, trial }) ?? 0;
    for (let r = 1; r <= 100; r += 1) expect(price(best)).toBeLessThanOrEqual(price(r) * (1 + 1e-12));
  });

  it('does not exist where boots have no part in the variance', () => {
    expect(trialsPerBoot(components(0, 1), { boot: 60, trial: 1 })).toBeUndefined();
  });
});

describe('repetitionsToResolve', () => {
  it('detects the difference in 77 to 86 % of seeded simulations', () => {
    const [between, within, difference] = [1, 4, 0.02];
    const found = repetitionsToResolve(components(between, within), 100, difference, { boot: 60, trial: 20 });
    const { boots = 0, trials = 0 } = found ?? {};
    expect(trials).toBe(3);
    const next = randomStream('repetitions');
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(uniform(next) || 1e-12)) * Math.cos(2 * Math.PI * uniform(next));
    const side = (center: number): number[] =>
      Array.from({ length: boots }, () => {
        const boot = center + Math.sqrt(between) * normal();
        return mean(Array.from({ length: trials }, () => boot + Math.sqrt(within) * normal()));
      });
    const rounds = 2000;
    let detected = 0;
    for (let round = 0; round < rounds; round += 1) {
      if ((welchTest(side(100), side(100 * (1 + difference))) ?? 1) < 0.05) detected += 1;
    }
    expect(detected / rounds).toBeGreaterThan(0.77);
    expect(detected / rounds).toBeLessThan(0.86);
  });
});
