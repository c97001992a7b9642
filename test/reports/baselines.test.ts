import { describe, expect, it } from 'vitest';
import { buildReport, type Cell, type Report, type RequestedBaseline } from '../../reports/index.js';
import { describeNote } from '../../reports/narrative/notes.js';
import type { FigureExhibit } from '../../reports/model/document.js';
import { figureSuites, PAPER, paperRun } from './figure-scenes.js';
import { demoRun } from './synthetic.js';
import { suite } from './suite.js';

const paper = (baselines: readonly RequestedBaseline[] = [], run = paperRun()): Report =>
  buildReport([run], { suites: figureSuites, exhibits: ['figure-6b'], baselines });

function cellOf({ cells }: Report, target: string, metric = 'osdb/rows-per-second'): Cell {
  const found = cells.find((cell) => cell.exhibit === 'figure-6b' && cell.target === target && cell.metric === metric);
  if (found === undefined) throw new Error(`no cell ${target}`);
  return found;
}

const targetOf = ({ systems }: Report, key: string | null): string | undefined =>
  systems.find((system) => system.key === key)?.target;

const figureOf = ({ exhibits }: Report): FigureExhibit => {
  const found = exhibits.find(({ id }) => id === 'figure-6b');
  if (found?.kind !== 'figure') throw new Error('no figure');
  return found;
};

const UP_AND_SMP = [{ baseline: 'linux-up' }, { baseline: 'linux-smp' }];

describe('a report of two baselines', () => {
  const report = paper(UP_AND_SMP);

  it.each([
    ['vserver-up', 'linux-up'],
    ['xen3-up', 'linux-up'],
    ['vserver-smp', 'linux-smp'],
    ['xen3-smp', 'linux-smp'],
    ['linux-smp', 'linux-smp'],
  ])('divides %s by the baseline with as many CPUs, %s, and its notes name it', (target, baseline) => {
    const cell = cellOf(report, target);
    expect(targetOf(report, cell.baseline)).toBe(baseline);
    const base = cellOf(report, baseline);
    expect(cell.ratio).toBeCloseTo((cell.center ?? 0) / (base.center ?? 1), 9);
    const label = PAPER.find(({ id }) => id === baseline)?.label ?? '';
    expect(cell.notes.map(describeNote)).toContain(`ratio to ${label}`);
  });

  it('names them in the title of the axis, the legend and the caption of its figure', () => {
    const { figure, caption } = figureOf(report);
    expect(figure.panels[0]?.axis).toContain('its baseline (Linux-UP or Linux-SMP)');
    expect(caption).toContain('Linux-UP or Linux-SMP');
    expect(figure.series).toContainEqual({ label: 'Xen3-SMP', relativeTo: 'Linux-SMP' });
    expect(figure.series.map(({ label }) => label)).not.toContain('Linux-SMP');
  });

  it('marks what the paper states of Xen3-SMP relative to Linux-SMP, and not what it states relative to Linux-UP', () => {
    const marks = figureOf(report).figure.panels[0]?.groups.flatMap(({ published }) => published) ?? [];
    const at = (claim: string): unknown => marks.find((mark) => mark.claim === claim);
    expect(at('f6b-osdb-xen-smp')).toMatchObject({ low: 0.61, high: 0.61 });
    expect(at('f6b-compile-xen-smp')).toMatchObject({ low: null, high: null });
    const one = figureOf(paper()).figure.panels[0]?.groups.flatMap(({ published }) => published) ?? [];
    expect(one.find(({ claim }) => claim === 'f6b-osdb-xen-smp')).toMatchObject({ low: null, high: null });
    expect(one.find(({ claim }) => claim === 'f6b-compile-xen-smp')).toMatchObject({ low: 0.93, high: 0.93 });
  });
});

describe('baselines', () => {
  it('are those that targets declare, and the baseline of the plan of all others', () => {
    const run = paperRun();
    const targets = run.stored.plan.targets.map((target) =>
      target.id === 'xen3-smp' ? { ...target, baseline: 'linux-smp' } : target,
    );
    const declared = paper([], { ...run, stored: { ...run.stored, plan: { ...run.stored.plan, targets } } });
    expect(targetOf(declared, cellOf(declared, 'xen3-smp').baseline)).toBe('linux-smp');
    expect(targetOf(declared, cellOf(declared, 'linux-smp').baseline)).toBe('linux-up');
    expect(targetOf(declared, cellOf(declared, 'vserver-smp').baseline)).toBe('linux-up');
  });

  it('of one target leave that of the others as it is', () => {
    const report = paper([{ target: 'xen3-up', baseline: 'vserver-up' }]);
    expect(targetOf(report, cellOf(report, 'xen3-up').baseline)).toBe('vserver-up');
    expect(targetOf(report, cellOf(report, 'vserver-up').baseline)).toBe('linux-up');
  });

  it('need no name in a note where there is one', () => {
    expect(cellOf(paper(), 'xen3-up').notes.filter(({ kind }) => kind === 'baseline')).toEqual([]);
  });
});

describe('published ratios', () => {
  const table = (baseline: string): readonly Cell[] => {
    const run = demoRun();
    return buildReport([run], { suites: [suite], exhibits: ['table-2'], baselines: [{ baseline }] }).cells;
  };

  it('are to the published column of the baseline', () => {
    const [cell] = table('lxc-up').filter(({ target, exhibit }) => target === 'linux-up' && exhibit === 'table-2');
    expect(cell?.publishedRatio).toBeCloseTo(86.5 / 86.9, 2);
  });

  it('judge nothing where the baseline is no system of the paper', () => {
    const cells = table('lxc-up').filter(({ target, exhibit }) => target === 'linux-up' && exhibit === 'table-2');
    expect(new Set(cells.map(({ verdict }) => verdict))).toEqual(new Set(['not judged']));
    expect(cells[0]?.why).toMatch(/its baseline .* is no system of the paper/);
  });
});
