import { expect, it } from 'vitest';
import { describePartial } from '../../reports/narrative/partial.js';

type Row = readonly [run: string, trial: string, status: 'collected' | 'void' | 'pending'];

it.each<readonly [what: string, rows: readonly Row[], notice: RegExp | null]>([
  ['without trials', [], null],
  ['of a whole run', [['r', 't1', 'collected']], null],
  [
    'of which trials are missing',
    [
      ['r', 't1', 'collected'],
      ['r', 't2', 'pending'],
    ],
    /^1 of 2 trials have been run\./,
  ],
  [
    'of several runs, with attempts',
    [
      ['r', 't1', 'void'],
      ['r', 't1', 'collected'],
      ['s', 't1', 'pending'],
      ['s', 't2', 'collected'],
    ],
    /^2 of 3 trials have been run\./,
  ],
])('the notice of a partial report %s', (_what, rows, notice) => {
  const found = describePartial(rows.map(([run, trial, status]) => ({ run, trial, status })));
  if (notice === null) expect(found).toBeNull();
  else expect(found).toMatch(notice);
});
