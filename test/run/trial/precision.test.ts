import { describe, expect, it } from 'vitest';
import { benchmarkOf } from '../../../harness/trial/benchmark.js';
import { unneeded, watchPrecision } from '../../../harness/run/trial/precision.js';
import type { Reading } from '../../../harness/types.js';
import { relativeWidth } from '../../../reports/statistics/power.js';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { dummySuite } from '../dummy-suite.js';

const of = { target: 'x', benchmark: 'dummy' };
const value = (metric: string, number: number): Reading => ({
  metric,
  value: number,
  tool: 'sh',
  at: { file: 'f', line: 1 },
});
const rule = { ciWidth: 0.1, minTrials: 4, maxTrials: 30 };
const seen = (trials: readonly (readonly Reading[])[], given: typeof rule | undefined = rule) => {
  const precision = watchPrecision(given, relativeWidth);
  for (const readings of trials) precision.saw(of, { status: 'read', readings, guests: [], problems: [] });
  return precision;
};
const steady = [100, 101, 100, 99].map((number) => [value('a', number)]);

describe('a rule on precision', () => {
  it.each([
    ['as many as it takes, alike', steady, true],
    ['too few, however alike', steady.slice(1), false],
    ['as many that are not alike', [80, 120, 100, 60].map((number) => [value('a', number)]), false],
    ['one metric of two that is not', steady.map((each, index) => [...each, value('b', 10 ** index)]), false],
    ['a metric that nobody ever yields', steady.map((each) => [...each, { metric: 'b', missing: 'no' }]), true],
    ['a metric that came only twice', steady.map((each, i) => (i < 2 ? [...each, value('b', 1)] : each)), false],
    ['no values at all', steady.map(() => []), false],
    ['a mean of zero, of which no share can be taken', [1, -1, 1, -1].map((number) => [value('a', number)]), false],
  ] as const)('of %s', (_, trials, expected) => {
    expect(seen(trials).enough('x', 'dummy') !== undefined).toBe(expected);
  });

  it('has the precision as its reason, and is decided for each target and suite alone', () => {
    const precision = seen(steady);
    expect(precision.enough('x', 'dummy')).toMatch(
      /^precise enough after 4 trials: .* is 2\.6 % of its mean, 10 % requested/,
    );
    expect([precision.enough('y', 'dummy'), precision.enough('x', 'other')]).toEqual([undefined, undefined]);
  });

  it('is never reached without a rule, and a rule without a measure is refused', () => {
    expect(watchPrecision(undefined, undefined).enough('x', 'dummy')).toBeUndefined();
    expect(() => watchPrecision(rule, undefined)).toThrow(RangeError);
  });
});

it('a trial that is not needed is a record of its own, which is final', () => {
  const shape = { cpus: [0] };
  const targets = [{ id: 'x', host: 'h', platform: 'native', shape, options: {} } as const];
  const plan = makePlan({ seed: 1, profile: 'quick', trials: 1, suites: [dummySuite()], targets });
  const [trial] = plan.trials;
  if (trial === undefined) throw new Error('no trial');
  expect(benchmarkOf(trial)).toBe('dummy');
  expect(unneeded(trial, plan, 'enough', new Date(0))).toMatchObject({
    trial: 't0001',
    benchmark: 'dummy',
    started: '1970-01-01T00:00:00.000Z',
    outcome: { status: 'skipped', reason: 'enough' },
  });
});
