import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { makePace } from '../../../harness/run/plan/pace.js';
import type { PlannedTrial, TargetConfig } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';

const target = (id: string): TargetConfig => ({ id, host: 'a', platform: 'native', shape: { cpus: [0] }, options: {} });
const suite = dummySuite();
const plan = makePlan({ seed: 1, profile: 'quick', trials: 2, suites: [suite], targets: [target('x'), target('y')] });
const of = (id: string): PlannedTrial[] => plan.trials.filter((trial) => trial.target === id);

describe('the time remaining', () => {
  it('starts from the guess of the suite, and learns from the same target first, then from the same suite', () => {
    const pace = makePace(plan, new Map([[suite.id, suite]]));
    const guess = pace.remaining(of('x'));
    expect(guess).toBeGreaterThan(0);
    for (const trial of of('x').slice(0, 1)) pace.saw(trial, 10);
    expect(pace.remaining(of('x'))).toBe(20);
    expect(pace.remaining(of('y'))).toBe(20);
    for (const trial of of('y').slice(0, 1)) pace.saw(trial, 30);
    expect(pace.remaining(of('x'))).toBe(20);
    expect(pace.remaining(of('y'))).toBe(60);
    expect(pace.remaining([])).toBe(0);
  });
});
