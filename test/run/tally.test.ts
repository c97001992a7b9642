import { describe, expect, it } from 'vitest';
import { watchOutcomes } from '../../harness/run/tally.js';
import { ATTEMPTS } from '../../harness/run/trial/unfinished.js';
import type { Outcome } from '../../harness/types.js';

const outcomes: Readonly<Record<Outcome['status'], Outcome>> = {
  collected: { status: 'collected', artifacts: [] },
  failed: { status: 'failed', problem: { stage: 'measure', message: 'no' }, artifacts: [] },
  void: { status: 'void', reason: 'steal', artifacts: [] },
  skipped: { status: 'skipped', reason: 'precise enough' },
};
const none = { collected: 0, failed: 0, voided: 0, skipped: 0, unneeded: 0 };
type Row = readonly [trial: string, attempt: number, status: Outcome['status']];

describe('the counts of a run', () => {
  it.each<readonly [what: string, rows: readonly Row[], expected: Partial<typeof none>]>([
    ['nothing', [], {}],
    [
      'each outcome',
      [...Object.keys(outcomes).entries()].map(([at, status]): Row => [
        `t${at}`,
        ATTEMPTS,
        status as Outcome['status'],
      ]),
      { collected: 1, failed: 1, voided: 1, unneeded: 1 },
    ],
    [
      'a void attempt that was repeated',
      [
        ['t1', 1, 'void'],
        ['t1', 2, 'collected'],
      ],
      { collected: 1 },
    ],
    ['a void attempt that will be repeated', [['t1', 1, 'void']], {}],
    [
      'a trial whose attempts were all void',
      [
        ['t1', 1, 'void'],
        ['t1', 2, 'void'],
        ['t1', 3, 'void'],
      ],
      { voided: 1 },
    ],
  ])('are of %s', (_what, rows, expected) => {
    const records = rows.map(([trial, attempt, status]) => ({ trial, attempt, outcome: outcomes[status] }));
    const watched = watchOutcomes();
    for (const record of records) watched.record(record);
    expect(watched.tally()).toEqual({ ...none, ...expected });
    expect(watched.done()).toBe(Object.values(watched.tally()).reduce((sum, count) => sum + count, 0));
  });

  it('have a trial that was skipped by this process, until it is recorded', () => {
    const watched = watchOutcomes();
    watched.skip('t1');
    expect(watched.tally()).toEqual({ ...none, skipped: 1 });
    watched.record({ trial: 't1', attempt: 1, outcome: outcomes.collected });
    expect(watched.tally()).toEqual({ ...none, collected: 1 });
  });
});
