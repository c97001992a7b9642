import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { bootKey, bootsMade } from '../../../harness/run/session/boots.js';
import type { JournalEntry, TargetConfig } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';

const target = (id: string, boot?: string): TargetConfig => ({
  id,
  host: 'alpha',
  platform: 'native',
  shape: { cpus: [1] },
  options: {},
  ...(boot === undefined ? {} : { boot }),
});

const request = { seed: 1, profile: 'quick' as const, suites: [dummySuite({ id: 'a' })] };

describe('a plan with boots', () => {
  it('spreads the trials of every target and suite over the boots as evenly as their number allows', () => {
    const cases = fc
      .record({ boots: fc.integer({ min: 1, max: 6 }), more: fc.integer({ min: 0, max: 9 }), seed: fc.nat() })
      .map(({ boots, more, seed }) => ({ boots, trials: boots + more, seed }));
    fc.assert(
      fc.property(cases, ({ boots, trials, seed }) => {
        const suites = ['a', 'b'].map((id) => dummySuite({ id }));
        const targets = [target('x'), target('y')];
        const plan = makePlan({ ...request, seed, suites, targets, trials, boots });
        expect(plan.boots).toBe(boots);
        const ordinals = plan.trials.map(({ boot }) => boot ?? 0);
        expect(ordinals).toEqual(ordinals.toSorted((a, b) => a - b));
        expect(plan.trials.map(({ id }) => id)).toEqual(plan.trials.map(({ id }) => id).toSorted());
        for (const suite of ['a', 'b']) {
          for (const id of ['x', 'y']) {
            const own = plan.trials.filter((one) => one.target === id && one.assignments[0].suite === suite);
            const counts = Array.from({ length: boots }, (_, at) => own.filter(({ boot }) => boot === at + 1).length);
            expect(counts.reduce((sum, count) => sum + count, 0)).toBe(trials);
            expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });

  it('needs as many restarts as boots of each profile, and goes through the profiles forwards and backwards', () => {
    const targets = [target('x', 'old'), target('y', 'new')];
    const { trials } = makePlan({ ...request, targets, trials: 6, boots: 3 });
    const visits = trials.map(({ boot, target: id }) => `${boot ?? 0}${id}`);
    const changes = visits.filter((visit, index) => visit !== visits[index - 1]);
    expect(changes).toHaveLength(6);
    expect(changes[1]?.slice(1)).toBe(changes[2]?.slice(1));
  });

  it.each([
    ['fewer trials than boots', { trials: 2, boots: 3 }, /fewer blocks of trials than boots/],
    [
      'a number of trials that is open',
      { boots: 2, precision: { ciWidth: 0.1, minTrials: 3, maxTrials: 9 } },
      /exclude/,
    ],
    ['fewer blocks of A B B A than boots', { trials: 4, boots: 3, order: 'abba' as const }, /fewer blocks/],
  ])('is refused for %s', (_, more, message) => {
    expect(() => makePlan({ ...request, targets: [target('x'), target('y')], ...more })).toThrow(message);
  });

  it('without boots is what it was', () => {
    const plan = makePlan({ ...request, targets: [target('x')], trials: 3 });
    expect(plan.boots).toBeUndefined();
    expect(plan.trials.every(({ boot }) => boot === undefined)).toBe(true);
  });
});

it('a resumed run knows the boots that it made, and takes no other for them', () => {
  const at = '2026-11-21T07:00:00.000Z';
  const journal: readonly JournalEntry[] = [
    { at, event: 'booted', host: 'alpha', boot: 'b1', ordinal: 1, seconds: 60 },
    { at, event: 'booted', host: 'alpha', boot: 'b2', profile: 'old', ordinal: 1, seconds: 60 },
    { at, event: 'booted', host: 'alpha', boot: 'b3', profile: 'old', seconds: 60 },
  ];
  expect([...bootsMade(journal)]).toEqual([
    ['b1', bootKey(target('x'), 1)],
    ['b2', bootKey(target('x', 'old'), 1)],
  ]);
  expect(bootKey(target('x'), 1)).not.toBe(bootKey(target('x'), 2));
});
