import { describe, expect, it } from 'vitest';
import { shareValue } from '../../harness/cli/option-values.js';
import { precisionOf, type PlanChoice } from '../../harness/cli/plan-request.js';

const choice = (more: Partial<PlanChoice>): PlanChoice => ({
  ...{ runsDir: 'runs', verbose: false, hosts: 'hosts.json', target: [], suite: [], workload: [], exhibit: [] },
  ...{ profile: 'quick', gate: {}, json: false },
  ...more,
});

describe('--ci-width', () => {
  it.each([
    [{}, undefined],
    [{ trials: 4 }, undefined],
    [{ ciWidth: 0.01 }, { ciWidth: 0.01, minTrials: 5, maxTrials: 30 }],
    [
      { ciWidth: 0.02, minTrials: 3, maxTrials: 8 },
      { ciWidth: 0.02, minTrials: 3, maxTrials: 8 },
    ],
    [
      { ciWidth: 0.02, maxTrials: 4 },
      { ciWidth: 0.02, minTrials: 4, maxTrials: 4 },
    ],
  ])('of %j is the precision %j', (given, precision) => {
    expect(precisionOf(choice(given))).toEqual(precision);
  });

  it.each([
    [{ minTrials: 5 }, /need --ci-width/],
    [{ ciWidth: 0.01, trials: 5 }, /--ci-width and --trials exclude each other/],
    [
      { ciWidth: 0.01, minTrials: 9, maxTrials: 8 },
      /out of range \(expected 3 <= min-trials <= max-trials, found 9 and 8\)/,
    ],
    [{ ciWidth: 0.01, minTrials: 2 }, /out of range .*found 2 and 30/],
  ])('%j is refused', (given, why) => {
    expect(() => precisionOf(choice(given))).toThrow(why);
  });

  it.each(['0%', '101%', '1', '-1%', '1e1%', 'x'])('refuses the percentage %s', (text) => {
    expect(() => shareValue(text)).toThrow(/Expected a percentage/);
  });

  it('reads a percentage as a fraction', () => expect(shareValue('0.5%')).toBe(0.005));
});
