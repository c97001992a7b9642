import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { ATTEMPTS, guestsLeft, unfinished, type Launched } from '../../../harness/run/trial/unfinished.js';
import type { Outcome, TrialRecord } from '../../../harness/types.js';
import { dummyRecord } from '../dummy-record.js';
import { dummySuite } from '../dummy-suite.js';

const plan = makePlan({
  seed: 3,
  profile: 'quick',
  trials: 3,
  suites: [dummySuite()],
  targets: [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }],
});
const at = '2026-01-02T03:04:05.000Z';

const record = (trial: string, outcome: Outcome, attempt = 1): TrialRecord => dummyRecord({ trial, attempt, outcome });

const launched = (trial: string, attempt = 1): Launched => ({
  at,
  event: 'launched',
  trial,
  attempt,
  guest: 'bench-x-linux-up-0',
  dir: `/var/lib/bench/trials/x/${trial}.${attempt}`,
  installation: { tools: {}, env: {}, data: {} },
  expects: [],
  findings: [],
  limitSeconds: 60,
});

const collected: Outcome = { status: 'collected', artifacts: [] };
const voided: Outcome = { status: 'void', reason: 'ran elsewhere', artifacts: [] };
const failed: Outcome = { status: 'failed', problem: { stage: 'start', message: 'no' }, artifacts: [] };

describe('what a resumed run has left', () => {
  it('is everything when nothing happened', () => {
    const left = unfinished(plan, [], []);
    expect(left.todo).toEqual(plan.trials);
    expect(left.launched.size).toBe(0);
  });

  it('repeats no collected and no failed trial', () => {
    const left = unfinished(plan, [record('t0001', collected), record('t0002', failed)], []);
    expect(left.todo.map(({ id }) => id)).toEqual(['t0003']);
  });

  it('repeats a void trial with the next attempt, until there are none left', () => {
    const once = unfinished(plan, [record('t0001', voided)], []);
    expect(once.todo.map(({ id }) => id)).toContain('t0001');
    expect(once.voids.get('t0001')).toBe(1);
    const often = Array.from({ length: ATTEMPTS }, (_, index) => record('t0001', voided, index + 1));
    expect(unfinished(plan, often, []).todo.map(({ id }) => id)).not.toContain('t0001');
  });

  it('picks up the agent that was launched and has no record, and no other', () => {
    const journal = [launched('t0001'), launched('t0002')];
    const left = unfinished(plan, [record('t0001', collected)], journal);
    expect([...left.launched.keys()]).toEqual(['t0002']);
  });

  it('picks up the second attempt, not the void first one', () => {
    const left = unfinished(plan, [record('t0001', voided)], [launched('t0001'), launched('t0001', 2)]);
    expect(left.launched.get('t0001')?.attempt).toBe(2);
  });
});

describe('guests that may still be measuring', () => {
  const { launched: left } = unfinished(plan, [], [launched('t0002')]);
  it.each([
    ['anywhere', undefined, ['bench-x-linux-up-0']],
    ['on the host of their trial', 'alpha', ['bench-x-linux-up-0']],
    ['on another one', 'beta', []],
  ])('%s', (_, host, expected) => {
    expect(guestsLeft(plan, left, host)).toEqual(expected);
  });

  it('need the other end of their network, too', () => {
    const targets = plan.targets.map((target) => ({ ...target, peer: 'beta' }));
    expect(guestsLeft({ ...plan, targets }, left, 'beta')).toEqual(['bench-x-linux-up-0']);
  });
});
