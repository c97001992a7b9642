import { describe, expect, it } from 'vitest';
import { alarmTable } from './alarms.js';
import { shareError } from './sampling.js';
import { decisionTable, verdictTable } from './verdicts.js';

// Seeded, smaller versions of the tables of docs/calibration.md, with four Monte Carlo errors of room.
const SIMULATIONS = 400;
const room = (share: number): number => 4 * shareError(share, SIMULATIONS);

describe('verdicts of families', () => {
  const rows = verdictTable('test', SIMULATIONS);

  it.each(rows.filter(({ at }) => at <= 1))(
    'contradict at most 5 % of $checks comparisons that hold: ± $margin, $at margins off, n = $n',
    ({ contradicted }) => {
      expect(contradicted).toBeLessThan(0.05 + room(0.05));
    },
  );

  it.each(rows.filter(({ at }) => at > 1))(
    'reproduce at most 2.5 % of $checks comparisons that do not hold: ± $margin, n = $n',
    ({ reproduced }) => {
      expect(reproduced).toBeLessThan(0.025 + room(0.025));
    },
  );
});

it.each(decisionTable('test', SIMULATIONS))('$named trials decide on $truth with CV $cv', ({ named, decided }) => {
  expect(named).not.toBeNull();
  expect(decided).toBeGreaterThan(0.8 - room(0.8));
});

it.each(alarmTable('test', SIMULATIONS))(
  '$test marks a difference in at most 5 % of exhibits of $cells equal cells, $shape, n = $n',
  ({ share }) => {
    expect(share).toBeLessThan(0.05 + room(0.05));
  },
);
