import { describe, expect, it } from 'vitest';
import { coverageTable, INTERVALS, TRIALS, VARIATIONS } from './coverage.js';
import { shareError, SHAPES } from './sampling.js';

// The seeded, smaller version of what `npm run calibrate` writes to docs/calibration.md.
const SIMULATIONS = 1000;

describe('95 % intervals', () => {
  const rows = coverageTable('test', SIMULATIONS);

  it('are simulated for every shape, spread and number of trials', () => {
    expect(rows).toHaveLength(INTERVALS.length * SHAPES.length * VARIATIONS.length * TRIALS.length);
  });

  it.each(rows)('$interval, n = $n, $shape with CV $cv: hold the true value in 93 to 97 % of runs', ({ share }) => {
    const error = 4 * shareError(0.95, SIMULATIONS);
    expect(share).toBeGreaterThan(0.93 - error);
    expect(share).toBeLessThan(0.97 + error);
  });
});
