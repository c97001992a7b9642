import { describe, expect, it } from 'vitest';
import { osdb } from '../../../suites/osdb/index.js';
import { osdbRows } from '../../../suites/osdb/rows.js';
import { good, installation, trial } from './raw.js';

const context = { profile: 'quick', installation, scratch: '/s/scratch', dir: '/s/suite', cpus: [0] } as const;

describe('osdb-rows', () => {
  it('runs what osdb runs, and nothing once the rows are read', () => {
    const steps = osdbRows.steps(context);
    const left = osdb.steps(context).filter(({ name }) => !steps.some((step) => step.name === name));
    expect(left.map(({ name }) => name)).toEqual(['time-rows', 'latencies']);
    expect(steps.filter(({ phase }) => phase === 'measure').map(({ name }) => name)).toEqual([
      'read-rows',
      'served-after',
    ]);
    expect(steps.flatMap((step) => step.yields ?? []).sort()).toEqual(Object.keys(osdbRows.metrics).sort());
  });

  it('reads the rates as osdb does', () => {
    const rows = Object.fromEntries(Object.entries(good).filter(([name]) => !/time-rows|latencies/.test(name)));
    expect(osdbRows.parse(trial(rows))).toEqual(osdb.parse(trial(good)).slice(0, 2));
    expect(osdbRows.parse(trial(rows)).every((reading) => 'value' in reading)).toBe(true);
    expect(osdbRows.parse(trial({})).every((reading) => 'missing' in reading)).toBe(true);
  });
});
