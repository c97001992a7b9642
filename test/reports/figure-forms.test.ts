import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Chart } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport, loadAssets, writeFigures, type Assets, type Report } from '../../reports/index.js';
import { drawPdf, drawPng } from '../../reports/figure-canvas.js';
import type { Figure, FigureMark } from '../../reports/model/figure.js';
import { chartOf, registerFigures } from '../../reports/render/chart/figure-chart.js';
import { figureFileName } from '../../reports/render/figure/file-name.js';
import { layoutFigure } from '../../reports/render/figure/layout.js';
import { LIGHT } from '../../reports/render/figure/palette.js';
import type { FigureLayout } from '../../reports/render/figure/types.js';
import { renderLayout } from '../../reports/render/svg/figure.js';
import { renderSvgFile } from '../../reports/render/svg/file.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';

// One figure in four forms: what Chart.js computes is compared with what the SVG has, in pixels of the drawing.

const report = buildReport([paperRun()], { suites: figureSuites });
const troubled = buildReport([pairRun()], { suites: figureSuites });
const figuresOf = ({ exhibits }: Report) => exhibits.flatMap((one) => (one.kind === 'figure' ? [one] : []));
const [first] = figuresOf(report);
if (first === undefined) throw new Error('the report has no figure');

/** A figure of one panel with these bars. */
function figureOf(marks: readonly FigureMark[]): Figure {
  return {
    ...{ title: 'Figure 9: made up', bars: 'systems', groups: ['DD'] },
    series: marks.map((_, index) => ({ label: `System ${index}` })),
    panels: [
      {
        ...{ title: 'Relative', axis: 'Relative to Linux', unit: null, rules: [{ value: 1, label: 'Linux' }] },
        groups: [{ marks, published: [] }],
      },
    ],
  };
}

const bar = (series: number, value: number, low: number | null, high: number | null): FigureMark => ({
  ...{ series, state: 'value', value },
  ...{ low, high },
});

interface Drawn {
  readonly y: number;
  readonly from: number;
  readonly to: number;
  readonly whiskers: readonly number[];
}

const byPlace = (a: Drawn, b: Drawn): number => a.y - b.y || a.from - b.from;

/** Bars and whiskers of an SVG, read from its elements. */
function drawnInSvg(layout: FigureLayout): Drawn[] {
  const svg = renderLayout({ ...layout, legend: [] }, 'x');
  const whiskers = [...svg.matchAll(/class="error" d="M([\d.-]+) ([\d.-]+)H([\d.-]+)M/g)].map((match) => ({
    y: Number(match[2]),
    ends: [Number(match[1]), Number(match[3])],
  }));
  const bars = [...svg.matchAll(/class="bar [^"]*" x="([\d.-]+)" y="([\d.-]+)" width="([\d.-]+)" height="(\d+)"/g)];
  return bars
    .map((match) => {
      const [x, top, width, height] = match.slice(1).map(Number) as [number, number, number, number];
      const y = top + height / 2;
      const own = layout.panels.find(({ left, width: room }) => x >= left - 1 && x <= left + room);
      const ends = whiskers.find(
        (one) =>
          one.y === y &&
          own !== undefined &&
          (one.ends[0] ?? 0) >= own.left - 1 &&
          (one.ends[0] ?? 0) <= own.left + own.width,
      )?.ends;
      return { y, from: x, to: x + width, whiskers: ends ?? [] };
    })
    .sort(byPlace);
}

/** The same, as Chart.js computed them. */
async function drawnByChart(layout: FigureLayout): Promise<Drawn[]> {
  const canvas = new ChartJSNodeCanvas({
    ...{ width: layout.width, height: layout.height },
    plugins: { requireLegacy: ['chartjs-chart-error-bars'] },
    chartCallback: registerFigures,
  });
  const drawn: Drawn[] = [];
  const read = (chart: Chart): void => {
    chart.data.datasets.forEach((_, index) => {
      for (const element of chart.getDatasetMeta(index).data) {
        const { x, y, base, xMin, xMax } = element as unknown as {
          x: number;
          y: number;
          base: number;
          xMin?: number[];
          xMax?: number[];
        };
        const whiskers = [xMin?.[0] ?? [], xMax?.[0] ?? []].flat();
        drawn.push({ y, from: Math.min(base, x), to: Math.max(base, x), whiskers });
      }
    });
  };
  await canvas.renderToBuffer({ ...chartOf(layout, LIGHT), plugins: [{ id: 'read', afterDraw: read }] });
  return drawn.sort(byPlace);
}

describe('bars and whiskers', () => {
  const figures = [...figuresOf(report), ...figuresOf(troubled)].map(({ id, figure }) => [id, figure] as const);
  const extremes = figureOf([bar(0, 0.9, 0.8, 1), bar(1, 0.7, 0.1, 40), bar(2, 0, 0, 0), bar(3, 2, null, null)]);
  const losses = figureOf([bar(0, -4, -9, 2), bar(1, 12, 10, 14)]);

  it.each(
    [...figures, ['extremes', extremes] as const, ['losses', losses] as const].flatMap(([name, figure]) =>
      [760, 400].map((width) => [name, width, figure] as const),
    ),
  )('of %s at %d pixels are where they are in SVG', async (_name, width, figure) => {
    const layout = layoutFigure(figure, { width });
    const [svg, chart] = [drawnInSvg(layout), await drawnByChart(layout)];
    const all = figure.panels.flatMap(({ groups }) => groups.flatMap(({ marks }) => marks));
    expect(svg).toHaveLength(all.filter(({ state }) => state === 'value').length);
    expect(chart).toHaveLength(svg.length);
    svg.forEach((one, index) => {
      const other = chart[index];
      for (const key of ['y', 'from', 'to'] as const)
        expect(Math.abs(one[key] - (other?.[key] ?? NaN)), key).toBeLessThan(0.05);
      expect(one.whiskers).toHaveLength(other?.whiskers.length ?? -1);
      one.whiskers.forEach((end, at) => expect(Math.abs(end - (other?.whiskers[at] ?? NaN))).toBeLessThan(0.05));
    });
  });
});

describe('an interval far beyond all values', () => {
  const figure = figureOf([bar(0, 0.9, 0.8, 1), bar(1, 0.7, 0.1, 40)]);
  const layout = layoutFigure(figure);
  const [narrow, wide] = layout.panels[0]?.bars ?? [];

  it('is cut at the end of the axis, and marked with where it ends', () => {
    expect(wide?.interval).toMatchObject({ cut: true, to: layout.panels[0]?.domain.end });
    expect(wide?.number).toBe('0.700 (to 40.000)');
    expect(narrow?.interval?.cut).toBe(false);
    expect((narrow?.to ?? 0) - (narrow?.from ?? 0)).toBeGreaterThan(200);
    expect(renderLayout(layout, 'x').match(/class="error cut"/g)).toHaveLength(1);
  });

  it('is not cut where it is somewhat longer than the bars', () => {
    const usual = layoutFigure(figureOf([bar(0, 0.9, 0.8, 1), bar(1, 0.7, 0.1, 1.4)]));
    expect(usual.panels[0]?.bars.some(({ interval }) => interval?.cut)).toBe(false);
  });
});

describe('panels', () => {
  it('are beside each other where there is room, else below, and never outside', () => {
    for (const width of [300, 400, 760]) {
      const { panels, height, labels } = layoutFigure(first.figure, { width, legend: true });
      const beside = new Set(panels.map(({ top }) => top)).size === 1;
      expect(beside).toBe(width === 760);
      for (const { left, width: own, bottom } of panels) {
        expect(left + own).toBeLessThanOrEqual(width + 0.01);
        expect(bottom).toBeLessThan(height);
      }
      expect(labels).toHaveLength(first.figure.groups.length * (beside ? 1 : panels.length));
    }
  });
});

describe('files of figures', () => {
  let folder = '';
  let assets: Assets | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-figures-'));
    assets = await loadAssets();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are named by exhibit and what it shows, and of the sizes requested', async () => {
    if (assets === undefined) throw new Error('no assets');
    const files = {
      folder: join(folder, 'new', 'figures'),
      formats: ['svg', 'png', 'pdf'],
      widthMm: 84,
      dpi: 150,
    } as const;
    const paths = await writeFigures(report, assets, files);
    const names = [
      'figure-5-tcp-throughput-and-cpu-at-the-receiver',
      'figure-6a-disk-performance',
      'figure-6b-cpu-and-memory-performance',
    ];
    expect((await readdir(files.folder)).sort()).toEqual(
      names.flatMap((name) => [`${name}.pdf`, `${name}.png`, `${name}.svg`]),
    );
    expect(paths).toHaveLength(9);
    const [svg = '', png = '', pdf = ''] = paths;
    expect(await readFile(svg, 'utf8')).toMatch(/^<svg xmlns="[^"]*" width="84mm" height="[\d.]+mm"/);
    const bytes = await readFile(png);
    expect(bytes.readUInt32BE(16)).toBe(Math.round((84 / 25.4) * 150));
    expect(bytes.subarray(37, 41).toString()).toBe('pHYs');
    expect(bytes.readUInt32BE(41)).toBe(Math.round(150 / 0.0254));
    expect((await readFile(pdf)).toString('latin1')).toMatch(/^%PDF-1\.\d[\s\S]*\/MediaBox \[0 0 238[. ]/);
  });

  it('are the same bytes each time', async () => {
    const layout = layoutFigure(first.figure, { legend: true });
    expect((await drawPng(layout, 800, 300)).equals(await drawPng(layout, 800, 300))).toBe(true);
    expect(drawPdf(layout, 400).equals(drawPdf(layout, 400))).toBe(true);
    const [fonts, again] = [(await loadAssets()).fonts, (await loadAssets()).fonts];
    expect(renderSvgFile(layout, 84, fonts)).toBe(renderSvgFile(layout, 84, again));
  });

  it('have text: a drawing without its labels is smaller, and a PDF embeds the font', async () => {
    const layout = layoutFigure(first.figure, { legend: true });
    const bare: FigureLayout = {
      ...layout,
      labels: layout.labels.map((label) => ({ ...label, text: '' })),
      legend: layout.legend.map((key) => ({ ...key, label: '' })),
    };
    expect((await drawPng(layout, 800, 300)).length).toBeGreaterThan((await drawPng(bare, 800, 300)).length * 1.05);
    expect(drawPdf(layout, 400).toString('latin1')).toContain('IBMPlexSans');
  });

  it.each([
    ['figure-6a', 'Figure 6(a): disk performance', 'figure-6a-disk-performance'],
    ['x', 'Only: ../../etc/ü "quoted"', 'x-etc-quoted'],
    ['x', 'Only:', 'x'],
  ])('%s with the title %s is %s', (id, title, name) => {
    expect(figureFileName({ id, title })).toBe(name);
  });
});
