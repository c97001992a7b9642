import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { makePace } from '../../../harness/run/plan/pace.js';
import type { PlannedTrial, TargetConfig } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';

const target = (id: string): TargetConfig => ({ id, host: 'a', platform: 'native', shape: { cpus: [0] }, options: {} });
const suite = dummySuite();
const plan = makePlan({ seed: 1, profile: 'quick', trials: 2, suites: [suite], targets: [target('x'), target('y')] });
const of = (id: string): PlannedTrial[] => plan.trials.filter((trial) => trial.target === id);

const guess = suite.profiles.quick.expectedSeconds + 4;

describe('the estimate of a run', () => {
  it('starts from the guess of the suite, and learns from the same target first, then from the same suite', () => {
    const pace = makePace(plan, new Map([[suite.id, suite]]));
    expect(pace.expected(of('x'))).toEqual({ low: guess, likely: 2 * guess, high: 4 * guess });
    for (const trial of of('x').slice(0, 1)) pace.saw(trial, 10);
    expect(pace.expected(of('x'))).toEqual({ low: 18, likely: 20, high: 22 });
    expect(pace.expected(of('y')).likely).toBe(20);
    for (const trial of of('y').slice(0, 1)) pace.saw(trial, 30);
    expect(pace.expected(of('x')).likely).toBe(20);
    expect(pace.expected(of('y'))).toEqual({ low: 54, likely: 60, high: 66 });
    expect(pace.expected([])).toEqual({ low: 0, likely: 0, high: 0 });
  });

  it('has the wait for a quiet host: up to its limit, then what it was', () => {
    const pace = makePace(plan, new Map([[suite.id, suite]]), new Map(), () => 60);
    const [first] = of('x');
    if (first === undefined) throw new Error('no trial');
    expect(pace.expected([first])).toEqual({ low: guess / 2 + 1, likely: guess + 1, high: 2 * guess + 60 });
    pace.saw(first, 50, 40);
    expect(pace.expected([first])).toEqual({ low: 45, likely: 50, high: 55 });
  });
});
