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
    [{ until: 0.01 }, { relativeWidth: 0.01, least: 5, most: 30 }],
    [
      { until: 0.02, least: 3, most: 8 },
      { relativeWidth: 0.02, least: 3, most: 8 },
    ],
    [
      { until: 0.02, most: 4 },
      { relativeWidth: 0.02, least: 4, most: 4 },
    ],
  ])('of %j is the rule %j', (given, rule) => {
    expect(ruleOf(choice(given))).toEqual(rule);
  });

  it.each([
    [{ least: 5 }, /--until beside them/],
    [{ until: 0.01, trials: 5 }, /decides how many trials/],
    [{ until: 0.01, least: 9, most: 8 }, /3 <= least <= most, found 9 and 8|least is above the most/],
    [{ until: 0.01, least: 2 }, /so few trials/],
  ])('%j is refused', (given, why) => {
    expect(() => ruleOf(choice(given))).toThrow(why);
  });

  it.each(['0%', '101%', '1', '-1%', '1e1%', 'x'])('takes no share of %s', (text) => {
    expect(() => shareValue(text)).toThrow(/Expected a percentage/);
  });

  it('takes a percentage as a share', () => expect(shareValue('0.5%')).toBe(0.005));
});
