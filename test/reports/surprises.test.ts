import { describeNote } from '../../reports/narrative/notes.js';
import { describe, expect, it } from 'vitest';
import type { LoadedRun, Suite } from '../../harness/types.js';
import { buildReport, type Cell, type Report } from '../../reports/index.js';
import { suite } from './suite.js';
import { demoRun, type Recipe } from './synthetic.js';

const build = (runs: readonly LoadedRun[], suites: readonly Suite[] = [suite]): Report => buildReport(runs, { suites });
const demo = (overrides: Partial<Recipe> = {}): Report => build([demoRun(overrides)]);
function cell(report: Report, metric: string, target: string, exhibit = 'table-2'): Cell {
  const found = report.cells.find(
    (c) => c.exhibit === exhibit && c.metric === `lmbench/${metric}` && c.target === target,
  );
  if (found === undefined) throw new Error(`no cell ${exhibit} ${metric} ${target}`);
  return found;
}

describe('raw output that surprises', () => {
  const first = (overrides: Partial<Recipe>): Report => demo({ trials: 3, ...overrides });

  it('a damaged raw file: the trial has the reason, the others have values', () => {
    const run = demoRun({ trials: 3 });
    const raw = new Map(run.raw).set('raw/t0002.1.txt', new TextEncoder().encode('<script>alert(1)</script>'));
    const report = build([{ ...run, raw }]);
    expect(cell(report, 'fork-process', 'lxc-up').trials).toMatchObject({ value: 2, missing: 1 });
    expect(report.trials[1]?.why).toContain('raw/t0002.1.txt:1: expected a header line');
    expect(report.irregularities).toContainEqual(expect.objectContaining({ kind: 'parse', trial: 't0002' }));
  });

  it('a raw file that the store could not read: missing, with a pointer to the damage', () => {
    const run = demoRun({ trials: 3 });
    const raw = new Map([...run.raw].filter(([path]) => path !== 'raw/t0002.1.txt'));
    const report = build([{ ...run, raw }]);
    expect(cell(report, 'pipe', 'lxc-up', 'suite-lmbench').n).toBe(2);
    expect(report.trials[1]?.why).toContain('see the damage of the run');
  });

  it('an unknown suite: no numbers, and a reason', () => {
    const report = build([demoRun()], []);
    expect(report.cells.every((c) => c.state === 'missing')).toBe(true);
    expect(report.trials[0]?.why).toContain('there is no suite lmbench in this version');
  });

  it('a baseline of zero: no ratio instead of Infinity', () => {
    const zero = (text: string): string => text.replace(/[\d.]+(?= microseconds)/, '0.0000');
    const report = first({ output: (target, _t, metric, text) => (metric === 'pipe' ? zero(text) : text) });
    const found = cell(report, 'pipe', 'lxc-up', 'suite-lmbench');
    expect(found).toMatchObject({ center: 0, ratio: null });
    expect(found.notes.map(describeNote).join()).toContain('not positive');
  });

  it.each([
    ['twice', (r: readonly object[]) => [...r, r[0]], /read twice, in line \d+ and in line \d+/],
    ['as NaN', (r: readonly object[]) => [{ ...r[0], value: NaN }, ...r.slice(1)], /not a number in line \d+/],
    ['under an unknown name', (r: readonly object[]) => [{ ...r[0], metric: 'x' }, ...r.slice(1)], /has no such row/],
  ])('a parser that reads a metric %s: missing', (_name, change, why) => {
    const strange = { ...suite, parse: (raw) => change(suite.parse(raw)) } as Suite;
    const found = cell(build([demoRun({ trials: 3 })], [strange]), 'fork-process', 'lxc-up');
    expect(found.state).toBe('missing');
    expect(found.why).toMatch(why);
  });

  it('no run at all is an empty report', () => {
    const report = build([]);
    expect(report).toMatchObject({ cells: [], trials: [], measuredFrom: null, baseline: null });
  });
});
