import { describe, expect, it } from 'vitest';
import { buildReport, renderMarkdown, type Report } from '../../reports/index.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

const WHY = 'the disk of this test is never the same';

describe('a suite whose profile declares that its values spread', () => {
  const declared = {
    ...suite,
    profiles: { ...suite.profiles, paper: { ...suite.profiles.paper, unstable: WHY } },
  };
  const run = syntheticRun({ id: 'unstable', targets: [{ id: 'linux-up' }, { id: 'lxc-up' }], trials: 4 });
  const notesIn = (report: Report) =>
    report.cells
      .filter(({ state }) => state === 'value')
      .map(({ notes }) => notes.filter(({ kind }) => kind === 'unstable profile').length);

  it('has the reason at each value of that profile, in words', () => {
    expect(run.stored.plan.profile).toBe('paper');
    const report = buildReport([run], { suites: [declared] });
    expect(new Set(notesIn(report))).toEqual(new Set([1]));
    expect(renderMarkdown(report)).toContain(`expect trials to differ by more than 5 %: ${WHY}`);
  });

  it('has no such note at values of another profile or version of the suite, or without the declaration', () => {
    const quick = { ...suite, profiles: { ...suite.profiles, quick: declared.profiles.paper } };
    expect(new Set(notesIn(buildReport([run], { suites: [quick] })))).toEqual(new Set([0]));
    const other = buildReport([run], { suites: [{ ...declared, version: suite.version + 1 }] });
    expect(new Set(notesIn(other))).toEqual(new Set([0]));
    expect(new Set(notesIn(buildReport([run], { suites: [suite] })))).toEqual(new Set([0]));
  });
});
