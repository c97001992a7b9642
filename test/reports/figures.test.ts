import { describeExhibitNote } from '../../reports/narrative/notes.js';
import { describe, expect, it, test } from 'vitest';
import type { Outcome } from '../../harness/types.js';
import { buildReport, renderHtml, loadAssets, type Cell, type Report } from '../../reports/index.js';
import type { FigureExhibit } from '../../reports/model/document.js';
import type { Figure, FigureMark } from '../../reports/model/figure.js';
import { describeFigure } from '../../reports/render/figure/describe.js';
import { renderFigure } from '../../reports/render/svg/figure.js';
import { figureRun, figureSuites, pairRun, PAPER, paperRun, type FigureRecipe } from './figure-scenes.js';

const paper = (overrides: Partial<FigureRecipe> = {}): Report =>
  buildReport([paperRun(overrides)], { suites: figureSuites });
const pair = (overrides: Partial<FigureRecipe> = {}): Report =>
  buildReport([pairRun(overrides)], { suites: figureSuites });

function exhibit(report: Report, id: string): FigureExhibit {
  const found = report.exhibits.find((candidate) => candidate.id === id);
  if (found?.kind !== 'figure') throw new Error(`no figure ${id}`);
  return found;
}

function cell(report: Report, id: string, metric: string, target: string): Cell {
  const found = report.cells.find((c) => c.exhibit === id && c.metric === metric && c.target === target);
  if (found === undefined) throw new Error(`no cell ${id} ${metric} ${target}`);
  return found;
}

function marks({ figure }: FigureExhibit, panel: number): readonly (readonly FigureMark[])[] {
  return figure.panels[panel]?.groups.map((group) => group.marks) ?? [];
}

describe('figures of relative performance', () => {
  const report = paper();

  it('draw the values of the cells: higher is better, so that a time is inverted and a rate is not', () => {
    const figure = exhibit(report, 'figure-6b');
    const compile = cell(report, 'figure-6b', 'kernel-compile/elapsed', 'xen3-up');
    expect(compile.ratio).toBeGreaterThan(1);
    expect(compile.relative).toBeCloseTo(1 / (compile.ratio ?? 0), 12);
    expect(marks(figure, 0)[1]?.[1]).toEqual({
      ...{ series: 1, state: 'value', value: compile.relative },
      ...{ low: compile.relativeLow, high: compile.relativeHigh },
    });
    const dd = cell(report, 'figure-6a', 'dd/write', 'xen3-up');
    expect(dd.relative).toBe(dd.ratio);
    expect(marks(exhibit(report, 'figure-6a'), 0)[0]?.[1]).toMatchObject({ value: dd.ratio });
  });

  it('have the baseline as a line at 1 and not as a bar', () => {
    const { figure } = exhibit(report, 'figure-6a');
    expect(figure.panels[0]?.rules).toEqual([{ value: 1, label: 'Linux-UP' }]);
    expect(figure.series.map(({ label }) => label)).not.toContain('Linux-UP');
    expect(figure.groups).toEqual(['DD, write', 'DBench, first 90,000 operations', 'DBench, whole load', 'PostMark']);
  });

  it('draw marks for statements of the paper, and words for those relative to something else', () => {
    const stated = exhibit(report, 'figure-6b').published;
    expect(stated.find((mark) => mark.column === 'VServer-UP')).toMatchObject({ low: 0.96, high: 1.04 });
    expect(stated.find((mark) => mark.text.includes('to Linux-SMP'))).toMatchObject({ low: null, high: null });
  });
});

describe('the figure of throughput and CPU', () => {
  it('has the paper’s configurations in its order, measured or not, and ours behind their kin', () => {
    const { figure, notes } = exhibit(pair(), 'figure-5');
    expect(figure.groups).toEqual([
      ...['Linux-UP', 'VServer-UP', 'LXC-UP', 'Xen3-UP', 'Xen3 two CPUs', 'Linux-SMP', 'VServer-SMP', 'Xen3-SMP'],
    ]);
    expect(figure.panels.map((panel) => panel.unit)).toEqual(['bit/s', 'percent', 'percent']);
    expect(figure.panels[0]?.groups[3]?.marks).toEqual([{ series: 0, state: 'missing', why: 'not measured' }]);
    expect(notes.map(describeExhibitNote)).toContain(
      'The line rate is not marked: the speed of the link of alpha is not known.',
    );
  });

  it('states once for each target where the sender ran, and no other check that was ok', () => {
    const run = pairRun();
    const sender = { check: 'CPUs of the service on peer', expected: 'none of CPUs 1 of the target' };
    const found = 'CPUs 0 of the same machine';
    const records = run.records.map((record) => ({
      ...record,
      findings: [
        { check: 'pinning', expected: '1', found: '1', verdict: 'ok' as const },
        ...(record.benchmark.startsWith('iperf')
          ? [{ ...sender, found, verdict: 'ok' as const, always: true as const }]
          : []),
      ],
    }));
    const report = buildReport([{ ...run, records }], { suites: figureSuites });
    const stated = (id: string): string[] =>
      (report.exhibits.find((one) => one.id === id)?.notes ?? [])
        .map(describeExhibitNote)
        .filter((note) => /pinning|service/.test(note));
    const each = ['linux-up', 'lxc-up'].map((target) => `${target}: ${sender.check}: ${found}`);
    expect(stated('figure-5').sort()).toEqual(each);
    expect(stated('suite-iperf').sort()).toEqual(each);
    expect(stated('figure-6a')).toEqual([]);
  });

  it('marks the line rate where every host has the same, and the paper’s fractions of it', () => {
    const { figure } = exhibit(paper(), 'figure-5');
    expect(figure.panels[0]?.rules).toEqual([{ value: 1e9, label: 'line rate' }]);
    expect(figure.panels[0]?.groups[2]?.published).toMatchObject([{ column: 'Xen3-UP', low: 0.6e9, high: 0.6e9 }]);
    expect(figure.panels[1]?.rules).toEqual([]);
  });

  test.each([
    [{ eth0: 1e9, eth1: 1e10 }, 'links of different speeds'],
    [{ eth0: null }, 'is not known'],
    [{ eth0: -1 }, 'is not known'],
    [{}, 'is not known'],
  ])('does not mark a line rate from %j', (linkBitsPerSecond, why) => {
    const { figure, notes } = exhibit(paper({ linkBitsPerSecond }), 'figure-5');
    expect(figure.panels[0]?.rules).toEqual([]);
    expect(notes.map(describeExhibitNote).join()).toContain(why);
  });
});

describe('claims about figures', () => {
  it('are all reproduced by systems that behave as in the text of the paper', () => {
    const report = paper();
    expect(report.claims.filter((claim) => claim.verdict !== 'reproduced')).toEqual([]);
    expect(report.claims).toHaveLength(21);
  });

  test.each([
    ['f5-xen-up-60', 'xen3-up', 'iperf/throughput', 0.9],
    ['f5-xen-2cpu', 'xen3-two', 'iperf-cpu/receiver-cpu', 1.2],
    ['f5-xen-smp-below-linux-up', 'xen3-smp', 'iperf/throughput', 1.2],
    ['f6a-dd-vserver', 'vserver-up', 'dd/write', 0.8],
    ['f6a-dd-xen', 'xen3-smp', 'dd/write', 1],
    ['f6a-dbench-xen', 'xen3-up', 'dbench/first-90000-throughput', 0.9],
    ['f6a-dbench-vserver', 'vserver-up', 'dbench/first-90000-throughput', 0.9],
    ['f6a-dbench-smp', 'linux-smp', 'dbench/first-90000-throughput', 1.1],
    ['f6a-postmark-xen', 'xen3-up', 'postmark/transactions', 1.1],
    ['f6b-compile-xen-up', 'xen3-up', 'kernel-compile/elapsed', 1.3],
    ['f6b-osdb-vserver', 'vserver-up', 'osdb/rows-per-second', 0.9],
  ])('%s is contradicted when %s has %s times %d', (id, target, metric, factor) => {
    const targets = PAPER.map((one) =>
      one.id === target ? { ...one, factors: { ...one.factors, [metric]: factor } } : one,
    );
    const claim = paper({ targets }).claims.find((candidate) => candidate.id === id);
    expect(claim?.verdict).toBe('contradicted');
  });

  it('about the line rate are inconclusive where the link’s speed is not known', () => {
    const report = buildReport([figureRun({ targets: PAPER, noise: 0.004 })], { suites: figureSuites });
    const claim = report.claims.find((candidate) => candidate.id === 'f5-linux-vserver-line-rate');
    expect(claim).toMatchObject({ verdict: 'inconclusive', kind: 'absolute' });
    expect(claim?.why).toContain('in part measured');
  });

  it('are not comparable at the quick profile and not measured by a system that only resembles', () => {
    expect(new Set(paper({ profile: 'quick' }).claims.map((claim) => claim.verdict))).toEqual(
      new Set(['not comparable']),
    );
    const claim = pair({ profile: 'paper' }).claims.find((candidate) => candidate.id === 'f6a-dd-vserver');
    expect(claim).toMatchObject({ verdict: 'not measured' });
    expect(claim?.why).toContain('no target reproduces VServer-UP');
  });
});

describe('what has no bar', () => {
  const report = pair();

  it('has its state and reason, in the figure and in its table', async () => {
    expect(marks(exhibit(report, 'figure-6a'), 0)[3]).toMatchObject([
      { state: 'void', why: 'steal time 4.2 % (3 times)' },
    ]);
    expect(marks(exhibit(report, 'figure-6b'), 0)[2]).toMatchObject([{ state: 'missing' }]);
    expect(marks(exhibit(report, 'figure-5'), 1)[2]).toMatchObject([{ state: 'failed' }]);
    const page = renderHtml(report, await loadAssets(), { linkBase: '..' });
    expect(page).toMatch(/LXC-UP, void: steal time 4\.2 %/);
    expect(page).toMatch(/state-failed">failed<\/span> measure: connect failed/);
    expect(page).toContain('osdb printed nothing');
  });

  it('is everything, when the baseline failed: no ratio is made up', () => {
    const outcome = (target: string): Outcome | undefined =>
      target === 'linux-up' ? { status: 'void', reason: 'disturbed', artifacts: [] } : undefined;
    const figure = exhibit(pair({ outcome }), 'figure-6a');
    for (const group of marks(figure, 0)) expect(group).toMatchObject([{ state: 'missing' }]);
    expect(renderFigure(figure.figure, 'x')).not.toMatch(/NaN|Infinity|undefined/);
  });

  it('is only the baseline, when nothing else was measured', () => {
    const only = exhibit(pair({ targets: [{ id: 'linux-up' }] }), 'figure-6a').figure;
    expect(only.series).toEqual([]);
    expect(renderFigure(only, 'x')).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the drawing', () => {
  const { figure } = exhibit(paper(), 'figure-6a');
  const svg = renderFigure(figure, 'x');

  it('distinguishes series by pattern as well as by colour, with unique ids', () => {
    const patterns = [...svg.matchAll(/<pattern id="(x-pattern-\d)"[^>]*>(.*?)<\/pattern>/g)];
    expect(patterns).toHaveLength(figure.series.length);
    expect(new Set(patterns.map((match) => match[2])).size).toBe(patterns.length);
    for (const [, id = ''] of patterns) expect(svg).toContain(`fill="url(#${id})"`);
  });

  it('keeps patterns different for pairs of series beyond the six colours', () => {
    const series = Array.from({ length: 13 }, (_, index) => ({ label: `s${index}` }));
    const many = renderFigure({ ...figure, series }, 'y');
    const looks = [...many.matchAll(/<pattern id="\S+" class="hatching (series-\d)"[^>]*>(.*?)<\/pattern>/g)];
    expect(new Set(looks.map((match) => `${match[1] ?? ''} ${match[2] ?? ''}`)).size).toBe(13);
  });

  it('describes in words what it shows, with units and reasons', () => {
    expect(describeFigure(figure)).toMatch(
      /DBench, first 90,000 operations: VServer-UP 1\.0[23]\d \(.*Xen3-UP in the paper 25 to 35 % less/,
    );
    expect(describeFigure(exhibit(pair(), 'figure-5').figure)).toMatch(
      /Throughput received in Mbit\/s\..*CPU of the receiver in %\. .*LXC-UP: failed \(measure: connect failed/,
    );
  });

  it('is only text, whatever a host calls itself', () => {
    const label = `"><script>alert(1)</script>'&\u202e`;
    const hostile: Figure = {
      ...figure,
      title: label,
      groups: figure.groups.map(() => label),
      series: figure.series.map(() => ({ label })),
      panels: figure.panels.map((panel) => ({
        ...panel,
        groups: panel.groups.map((group) => ({ ...group, marks: [{ series: 0, state: 'void' as const, why: label }] })),
      })),
    };
    expect(renderFigure(hostile, 'x')).not.toMatch(/<script|\u202e/);
  });

  it('draws nothing outside for a value of zero, a huge interval or no interval', () => {
    const mark = (value: number, low: number | null, high: number | null): FigureMark => ({
      ...{ series: 0, state: 'value', value },
      ...{ low, high },
    });
    const extremes = [mark(0, 0, 0), mark(1, -3, 40), mark(2, null, null), mark(1e-12, null, null)];
    const panels = figure.panels.map((panel) => ({ ...panel, groups: [{ marks: extremes, published: [] }] }));
    const drawn = renderFigure({ ...figure, groups: ['g'], panels }, 'x');
    expect(drawn).not.toMatch(/NaN|Infinity|="-/);
    const widths = [...drawn.matchAll(/<rect class="bar[^>]* width="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(Math.max(...widths)).toBeLessThanOrEqual(760);
  });
});

describe('the opening of a report of many exhibits', () => {
  it('names the systems and the exhibits', () => {
    expect(pair().title).toBe('LXC-UP compared with Linux-UP: Figures 5, 6(a) and 6(b)');
    expect(paper().title).toBe('6 systems compared with Linux-UP: Figures 5, 6(a) and 6(b)');
    const one = buildReport([pairRun()], { suites: figureSuites, exhibits: ['figure-6a'] });
    expect(one.title).toBe('Figure 6(a): disk performance');
    expect(one.exhibits.map((exhibit) => exhibit.id)).toEqual([
      'figure-6a',
      'suite-dd',
      'suite-dbench',
      'suite-postmark',
    ]);
  });

  it('has a sentence a figure, with what is missing in it', () => {
    const lines = pair().headlines;
    expect(lines[0]).toMatch(
      /^Figure 5, means: Throughput received Linux-UP [\d.]+ Mbit\/s, LXC-UP .*LXC-UP failed\.$/,
    );
    expect(lines[1]).toMatch(/^Figure 6\(a\), LXC-UP, performance relative to Linux-UP.*PostMark void\.$/);
    expect(paper().headlines[1]).toMatch(/operations on 6 systems from 0\.67 .* on Xen3-SMP to 1\.03 .* on VServer-UP/);
  });
});
