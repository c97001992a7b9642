import { describeNote } from '../../reports/narrative/notes.js';
import { describe, expect, it, test } from 'vitest';
import type { LoadedRun, Suite } from '../../harness/types.js';
import { buildReport, exhibits, renderJson, type Cell, type Report } from '../../reports/index.js';
import { troubledRuns } from './scenes.js';
import { ROWS, suite } from './suite.js';
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
const claim = (report: Report, id: string) => report.claims.find((candidate) => candidate.id === id);

describe('a report of two measured targets', () => {
  const report = demo();

  it('has the seven rows of Table 2 for each target, and the whole suite below', () => {
    const table = report.exhibits.find((exhibit) => exhibit.id === 'table-2');
    expect(table?.rows.map((row) => row.label)).toEqual([
      'fork process',
      'exec process',
      'sh process',
      'ctx (16p/64K)',
      'mmap (64MB)',
      'mmap (256MB)',
      'page fault',
    ]);
    expect(report.cells.filter((c) => c.exhibit === 'table-2')).toHaveLength(14);
    expect(report.cells.filter((c) => c.exhibit === 'suite-lmbench')).toHaveLength(2 * ROWS.length);
    const whole = report.exhibits.find((exhibit) => exhibit.id === 'suite-lmbench');
    expect(whole).toMatchObject({ notMeasured: ['lmbench/bw-tcp-1m', 'lmbench/mem-latency-64m'] });
  });

  it('gives mean, interval, n, ratio and its interval, with the published value and ratio next to them', () => {
    const found = cell(report, 'fork-process', 'lxc-up');
    expect(found).toMatchObject({ state: 'value', n: 5, unit: 'us', published: 86.9, publishedColumn: 'VServer-UP' });
    expect(found.publishedRatio).toBeCloseTo(86.9 / 86.5, 12);
    const own = found.samples.map(([value]) => value);
    expect(found.center).toBeCloseTo(own.reduce((sum, value) => sum + value, 0) / 5, 9);
    expect(found.ratio).toBeCloseTo((found.center ?? 0) / (cell(report, 'fork-process', 'linux-up').center ?? 1), 12);
    expect(found.ratioLow).toBeLessThan(found.ratio ?? 0);
    expect(found.ratioHigh).toBeGreaterThan(found.ratio ?? Infinity);
  });

  it('inverts once, for relative performance of lower-is-better metrics only', () => {
    const time = cell(report, 'ctx-16p-64k', 'lxc-up');
    expect(time.relative).toBeCloseTo(1 / (time.ratio ?? 0), 12);
    expect(time.relativeLow).toBeCloseTo(1 / (time.ratioHigh ?? 0), 12);
    const rate = cell(report, 'bw-pipe', 'lxc-up', 'suite-lmbench');
    expect(rate.relative).toBe(rate.ratio);
  });

  it('leads from every value to its raw file and line', () => {
    const run = demoRun();
    for (const found of report.cells) {
      for (const [value, trial, file, line] of found.samples) {
        const path = report.trials[trial]?.files[file]?.path ?? '';
        const text = new TextDecoder().decode(run.raw.get(path)).split('\n')[line - 1] ?? '';
        const row = ROWS.find((candidate) => found.metric.endsWith(`/${candidate.name}`));
        expect(Number(row?.pattern.exec(text)?.[1]) * (row?.factor ?? 1)).toBe(value);
      }
    }
  });

  it('is the same every time', () => {
    expect(renderJson(demo())).toBe(renderJson(report));
  });

  it('judges no system that the paper did not measure', () => {
    expect(cell(report, 'fork-process', 'lxc-up').verdict).toBe('not judged');
    expect(report.systems.find((system) => system.target === 'lxc-up')?.counterpart?.how).toBe('orientation');
    expect(claim(report, 't2-fork-exec-sh-vserver')?.verdict).toBe('not measured');
  });

  it('does not let one exhibit change the numbers of another', () => {
    const alone = buildReport([demoRun()], { suites: [suite], exhibits: ['table-2'] });
    expect(alone.cells).toEqual(report.cells);
  });

  it('names the exhibits that there are when one is unknown', () => {
    expect(() => buildReport([demoRun()], { suites: [suite], exhibits: ['table-9'] })).toThrow(/table-9.*table-2/);
    expect(exhibits.map((exhibit) => exhibit.id)).toContain('table-2');
  });
});

describe('profiles', () => {
  it('shows published values next to the quick profile and judges nothing', () => {
    const report = demo({ profile: 'quick' });
    expect(report.comparable.verdict).toBe('no');
    const found = cell(report, 'fork-process', 'lxc-up');
    expect(found).toMatchObject({ verdict: 'not comparable', published: 86.9, state: 'value' });
    expect(found.ratio).not.toBeNull();
    expect(new Set(report.claims.map((c) => c.verdict))).toEqual(new Set(['not comparable', 'not measured']));
  });

  it('never pools trials of two profiles: they are two columns, and no ratio crosses them', () => {
    const quick = demoRun({ id: 'quick', profile: 'quick', targets: [{ id: 'lxc-up', platform: 'lxc' }] });
    const paper = demoRun({ id: 'paper', targets: [{ id: 'linux-up' }] });
    const report = build([quick, paper]);
    expect(report.systems).toHaveLength(2);
    const found = cell(report, 'fork-process', 'lxc-up');
    expect(found.ratio).toBeNull();
    expect(found.notes.map(describeNote).join()).toContain('no ratio: the baseline was measured at the paper profile');
    expect(report.comparable.verdict).toBe('partly');
  });
});

describe('what may be pooled', () => {
  it('trials of one configuration over several runs, with a note', () => {
    const report = build([demoRun({ id: 'a' }), demoRun({ id: 'b' })]);
    expect(cell(report, 'fork-process', 'linux-up').n).toBe(10);
    expect(cell(report, 'fork-process', 'linux-up').notes).toContainEqual({ kind: 'pooled runs', runs: 2 });
  });

  it('not the same name on another host: two columns with labels of their own', () => {
    const report = build([demoRun({ id: 'a' }), demoRun({ id: 'b', targets: [{ id: 'linux-up', host: 'beta' }] })]);
    expect(report.systems.map((system) => system.label)).toEqual([
      'linux-up (on alpha)',
      'linux-up (on beta)',
      'lxc-up',
    ]);
  });

  it('not own probes with the target’s tools: two cells, and no ratio from one to the other', () => {
    const probes = demoRun({ id: 'b', targets: [{ id: 'lxc-up', platform: 'lxc', toolOrigin: 'project' }] });
    const report = build([demoRun({ id: 'a' }), probes]);
    const cells = report.cells.filter(
      (c) => c.exhibit === 'table-2' && c.target === 'lxc-up' && c.metric === 'lmbench/fork-process',
    );
    expect(cells.map((c) => [c.tool?.origin, c.n])).toEqual([
      ['target', 5],
      ['project', 5],
    ]);
    expect(cells[1]?.ratio).toBeNull();
    expect(cells[1]?.notes).toContainEqual({ kind: 'no ratio', reason: 'tool' });
  });

  it('not another version of the suite', () => {
    const old = demoRun({ id: 'b', targets: [{ id: 'lxc-up', platform: 'lxc' }] });
    const plan = { ...old.stored, plan: { ...old.stored.plan, suites: [{ id: 'lmbench', version: 7 }] } };
    const report = build([demoRun({ id: 'a' }), { ...old, stored: plan }]);
    const cells = report.cells.filter((c) => c.metric === 'lmbench/pipe' && c.target === 'lxc-up');
    expect(cells.map((c) => [c.suiteVersion, c.ratio === null])).toEqual([
      [1, false],
      [7, true],
    ]);
  });
});

describe('few trials', () => {
  test.each([1, 2])('%d: the mean, no interval, and the reason', (trials) => {
    const found = cell(demo({ trials }), 'fork-process', 'lxc-up');
    expect(found).toMatchObject({ n: trials, low: null, high: null, ratioLow: null, difference: null });
    expect(found.center).not.toBeNull();
    expect(found.ratio).not.toBeNull();
    expect(found.notes).toContainEqual({ kind: 'no interval', reason: 'too few', minTrials: 3 });
  });

  it('leave a verdict inconclusive, with the trials that it needs', () => {
    const found = cell(
      demo({ trials: 2, targets: [{ id: 'linux-up' }, { id: 'xen3-up', platform: 'xen', slowdown: 3 }] }),
      'fork-process',
      'xen3-up',
    );
    expect(found).toMatchObject({ verdict: 'inconclusive', neededTrials: 3 });
  });
});

describe('what went wrong is shown as what it is', () => {
  const report = build(troubledRuns());

  it('a target whose every trial failed has no number and the reason', () => {
    const found = cell(report, 'fork-process', 'kvm-up');
    expect(found).toMatchObject({ state: 'failed', center: null, n: null, ratio: null, verdict: 'not measured' });
    expect(found.why).toContain('start: QEMU did not answer (expected a prompt, found nothing)');
  });

  it('void, skipped and pending trials are counted next to the values', () => {
    const found = cell(report, 'fork-process', 'lxc-up');
    expect(found.trials).toEqual({ value: 3, missing: 0, failed: 0, void: 1, skipped: 1, pending: 0 });
    expect(found.n).toBe(3);
    expect(found.notes.map(describeNote).join('\n')).toContain('1 void of 5 trials: steal time 4.2 %');
    expect(report.trials.filter((trial) => trial.status === 'pending')).toHaveLength(2);
  });

  it('a metric that was promised and not printed is missing, in the cell and in the trial', () => {
    const found = cell(report, 'page-fault', 'xen3-up');
    expect(found).toMatchObject({ state: 'missing', center: null });
    expect(found.why).toContain('lat_pagefault printed no such row');
    const trial = report.trials.find((t) => t.target === 'xen3-up' && t.status === 'collected');
    expect(trial?.missing.map((missing) => missing.metric)).toEqual(['page-fault']);
  });

  it('labels imported and published systems and mixes no origins', () => {
    const imported = cell(report, 'fork-process', 'vserver-up');
    expect(imported).toMatchObject({ origin: 'imported', verdict: 'not judged' });
    expect(imported.notes.map(describeNote).join('\n')).toContain(
      'imported, its baseline is measured: machines and tools may differ',
    );
    const published = report.cells.filter((c) => c.origin === 'published' && c.exhibit === 'table-2');
    expect(published).toHaveLength(21);
    const xen = published.find((c) => c.target === 'xen3-up' && c.metric === 'lmbench/fork-process');
    expect(xen).toMatchObject({ center: 271.9, n: null, low: null, verdict: 'not judged' });
    expect(xen?.ratio).toBeCloseTo(271.9 / 86.5, 12);
  });

  it('lists damage', () => {
    expect(report.irregularities.filter((item) => item.kind === 'damage')).toHaveLength(1);
  });
});
