import { describe, expect, it } from 'vitest';
import { recognize } from '../../../suites/osdb/recognize.js';
import { fixture } from './raw.js';

describe('output of pgbench that was measured elsewhere', () => {
  it('is a trial for each file, with the properties that it contains', () => {
    const trials = recognize([fixture('timed.stdout'), fixture('release-13-fixed.stdout')]);
    expect(trials).toMatchObject([
      {
        files: ['timed.stdout'],
        source: { program: 'pgbench', 'number of clients': '10', duration: '15 s', 'query mode': 'simple' },
        readings: [{ metric: 'rows-per-second', value: 31_478.604815, at: { file: 'timed.stdout', line: 14 } }],
      },
      { files: ['release-13-fixed.stdout'], readings: [{ value: 3_233.369081 }] },
    ]);
  });

  it.each([
    ['select-only.stdout', /select-only\.stdout:\d+: expected a script .*, found "<builtin: select only>"/],
    ['release-9.4-fixed.stdout', /found "TPC-B \(sort of\)"/],
    ['two-scripts.stdout', /found "multiple scripts"/],
    ['release-10-aborted.stdout', /release-10-aborted\.stdout:8: expected pgbench to finish, found/],
    ['timed.stderr', /timed\.stderr:3: expected .* that pgbench prints, found none/],
  ])('%s is refused', (name, why) => {
    expect(() => recognize([fixture(name)])).toThrow(why);
  });
});
