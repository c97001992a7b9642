import { describe, expect, it } from 'vitest';
import { buildReport, loadAssets, renderHtml } from '../../reports/index.js';
import type { Figure, FigureMark } from '../../reports/model/figure.js';
import type { DotPlot } from '../../reports/model/plot.js';
import { layoutFigure } from '../../reports/render/figure/layout.js';
import { renderDotPlot } from '../../reports/render/svg/dot-plot.js';
import { renderLayout } from '../../reports/render/svg/figure.js';
import { figureSuites } from './figure-scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';
import { wideRuns } from './wide-scenes.js';
import { workloads } from './workload-scenes.js';

const report = buildReport(wideRuns(), { suites: [suite, ...figureSuites], workloads });
const html = renderHtml(report, await loadAssets(), { linkBase: '..' });
const figure = report.exhibits.find(({ id }) => id === 'figure-6a');
if (figure?.kind !== 'figure') throw new Error('no figure');

const bar = (series: number, value: number, low: number | null = null, high: number | null = null): FigureMark => ({
  ...{ series, state: 'value', value, low, high },
});
const figureOf = (marks: readonly FigureMark[]): Figure => ({
  ...{
    title: 'Figure 9',
    bars: 'systems',
    groups: ['DD'],
    series: marks.map((_, index) => ({ label: `System ${index}` })),
  },
  panels: [
    {
      ...{ title: 'Relative', axis: 'Relative to Linux', unit: null, rules: [{ value: 1, label: 'Linux' }] },
      groups: [{ marks, published: [] }],
    },
  ],
});

describe('a page of twelve systems', () => {
  const boxes = [...html.matchAll(/<input type="checkbox" id="(show-\d+)" checked/g)].map(([, id = '']) => id);

  it('has a box for each, a rule that hides what is of it, and no script', () => {
    expect(boxes).toHaveLength(12);
    for (const id of boxes) {
      const own = id.replace('show', 'of');
      expect(html).toContain(`body:has(#${id}:not(:checked)) .${own}{display:none}`);
      expect(html).toMatch(new RegExp(`<td class="first ${own}">`));
      expect(html).toMatch(new RegExp(`<tr class="${own}">`));
      expect(html).toMatch(new RegExp(`<label for="${id}">`));
    }
    expect(html).not.toContain('<script');
  });

  it('has one column for each in a table', () => {
    const [, table = ''] = /<table class="results folded">([\s\S]*?)<\/table>/.exec(html) ?? [];
    const [, head = ''] = /<thead>([\s\S]*?)<\/thead>/.exec(table) ?? [];
    expect(head.match(/<tr>/g)).toHaveLength(1);
    expect(head.match(/<th /g)).toHaveLength(13);
  });

  it('writes a note that applies to all once', () => {
    expect(html).toContain('linux-up, vserver-up, xen3-up, kvm-up, lxc-up');
    expect(html.match(/<li>lxc-up: trials of/g)).toBeNull();
  });

  it('has neither boxes nor folded columns with two systems', async () => {
    const small = buildReport([demoRun()], { suites: [suite] });
    const page = renderHtml(small, await loadAssets(), { linkBase: '..' });
    expect(page).not.toContain('type="checkbox"');
    expect(page).not.toContain('results folded');
  });
});

describe('a figure of many systems', () => {
  const layout = layoutFigure(figure.figure);

  it('names each bar beside it', () => {
    const [panel] = layout.panels;
    for (const { y, series } of panel?.bars ?? []) {
      expect(layout.names).toContainEqual({ y, series, text: figure.figure.series[series]?.label });
    }
  });

  it('has what the paper states in a column that no bar or interval reaches', () => {
    const words = layout.panels.flatMap(({ notes }) => notes.filter(({ kind }) => kind === 'words'));
    expect(words).toHaveLength(figure.published.length);
    const ends = layout.panels.flatMap(({ bars }) => bars.map(({ interval, to }) => Math.max(to, interval?.to ?? 0)));
    expect(Math.min(...words.map(({ x }) => x))).toBeGreaterThan(Math.max(...ends) + 20);
    for (const { text, whole } of words) expect(text).toBe(whole);
  });

  it('has them in the lanes of a phone, inside its width', () => {
    const phone = layoutFigure(figure.figure, { width: 343 });
    expect(phone.words).toBeNull();
    for (const { left, width } of phone.panels) expect(left + width).toBeLessThanOrEqual(343.01);
  });
});

describe('what is far beyond the others', () => {
  it('is a bar that is cut at the end of the axis, with its number', () => {
    const layout = layoutFigure(figureOf([bar(0, 0.9), bar(1, 1.1), bar(2, 0.8), bar(3, 30)]));
    const [panel] = layout.panels;
    expect(panel?.domain.max).toBeLessThan(5);
    expect(panel?.bars[3]).toMatchObject({ cut: true, value: 30, number: '30.000', to: panel?.domain.end });
    expect(panel?.bars.slice(0, 3).some(({ cut }) => cut)).toBe(false);
    expect(renderLayout(layout, 'x').match(/class="error cut"/g)).toHaveLength(1);
  });

  it('is not cut where there are few values, or many are as large', () => {
    for (const values of [
      [0.9, 1, 30],
      [1, 1.2, 9, 10],
    ]) {
      const [panel] = layoutFigure(figureOf(values.map((value, index) => bar(index, value)))).panels;
      expect(panel?.bars.some(({ cut }) => cut)).toBe(false);
    }
  });

  it('is an interval of a plot of ratios with strokes at its end', () => {
    const mark = (value: number, low: number, high: number) => ({ state: 'value', value, low, high }) as const;
    const plot: DotPlot = {
      ...{ title: 'Ratios', axis: 'Ratio', reference: 1, referenceLabel: 'baseline' },
      series: [
        { label: 'A', published: false },
        { label: 'B', published: false },
      ],
      rows: [{ label: 'fork', marks: [mark(1.1, 1.05, 1.15), mark(1.2, 0.01, 140)] }],
    };
    const svg = renderDotPlot(plot, 'x');
    expect(svg).not.toMatch(/>(0\.1|50|100)×</);
    expect(svg.match(/l4 -10/g)).toHaveLength(4);
  });
});
