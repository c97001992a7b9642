import { describe, expect, it } from 'vitest';
import { shareValue } from '../../harness/cli/option-values.js';
import { ruleOf, type PlanChoice } from '../../harness/cli/plan-request.js';

const choice = (more: Partial<PlanChoice>): PlanChoice => ({
  ...{ runsDir: 'runs', verbose: false, hosts: 'hosts.json', target: [], suite: [], workload: [], exhibit: [] },
  ...{ profile: 'quick', gate: {}, json: false },
  ...more,
});

describe('--until', () => {
  it.each([
    [{}, undefined],
    [{ trials: 4 }, undefined],
    [{ ciWidth: 0.01 }, { relativeWidth: 0.01, minTrials: 5, maxTrials: 30 }],
    [
      { ciWidth: 0.02, minTrials: 3, maxTrials: 8 },
      { relativeWidth: 0.02, minTrials: 3, maxTrials: 8 },
    ],
    [
      { ciWidth: 0.02, maxTrials: 4 },
      { relativeWidth: 0.02, minTrials: 4, maxTrials: 4 },
    ],
  ])('of %j is the rule %j', (given, rule) => {
    expect(ruleOf(choice(given))).toEqual(rule);
  });

  it.each([
    [{ minTrials: 5 }, /--until beside them/],
    [{ ciWidth: 0.01, trials: 5 }, /decides how many trials/],
    [{ ciWidth: 0.01, minTrials: 9, maxTrials: 8 }, /3 <= least <= most, found 9 and 8|least is above the most/],
    [{ ciWidth: 0.01, minTrials: 2 }, /so few trials/],
  ])('%j is refused', (given, why) => {
    expect(() => ruleOf(choice(given))).toThrow(why);
  });

  it.each(['0%', '101%', '1', '-1%', '1e1%', 'x'])('takes no share of %s', (text) => {
    expect(() => shareValue(text)).toThrow(/Expected a percentage/);
  });

  it('takes a percentage as a share', () => expect(shareValue('0.5%')).toBe(0.005));
});
