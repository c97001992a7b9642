import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { secondsDetached } from '../../../harness/run/trial/detach.js';
import type { Arm, Outcome, TrialRecord } from '../../../harness/types.js';
import { dummyRecord } from '../dummy-record.js';
import { dummySuite } from '../dummy-suite.js';

const plan = makePlan({
  seed: 1,
  noise: true,
  trials: 2,
  profile: 'quick',
  suites: ['x', 'y'].map((id) => dummySuite({ id })),
  targets: [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }],
});

const start = Date.UTC(2026, 10, 21);

function record(suite: string, arm: Arm, seconds: number, outcome: Partial<Outcome> = {}): TrialRecord {
  const trial = plan.trials.find((each) => each.arm === arm && each.assignments[0].suite === suite);
  return dummyRecord({
    trial: trial?.id ?? '',
    benchmark: suite,
    started: new Date(start).toISOString(),
    ended: new Date(start + 1000 * seconds).toISOString(),
    outcome: { status: 'collected', artifacts: [], ...outcome } as Outcome,
  });
}

describe('how long a detached trial is left alone', () => {
  it.each<readonly [string, readonly TrialRecord[], number | undefined]>([
    ['nothing was measured yet', [], undefined],
    ['only another suite was', [record('y', 'a', 10)], undefined],
    ['only detached ones were', [record('x', 'detached', 10)], undefined],
    ['none was collected', [record('x', 'a', 10, { status: 'void', reason: 'steal' })], undefined],
    ['both arms were', [record('x', 'a', 10), record('x', 'b', 20), record('x', 'detached', 99)], 18],
  ])('where %s', (_when, records, expected) => {
    const seconds = secondsDetached(plan, 'x', records);
    if (expected === undefined) expect(seconds).toBeUndefined();
    else expect(seconds).toBeCloseTo(expected);
  });
});
