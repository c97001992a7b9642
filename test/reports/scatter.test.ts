import jstat from 'jstat';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import type { Chart } from 'chart.js';
import { describe, expect, it, test } from 'vitest';
import { randomStream, uniform } from '../../harness/random.js';
import {
  buildReport,
  loadAssets,
  renderCsv,
  renderHtml,
  renderMarkdown,
  renderTerminal,
  type Report,
} from '../../reports/index.js';
import type { ScatterExhibit } from '../../reports/model/document.js';
import { registerFigures } from '../../reports/render/chart/figure-chart.js';
import { registerScatter, scatterChartOf } from '../../reports/render/chart/scatter-chart.js';
import { LIGHT } from '../../reports/render/figure/palette.js';
import { layoutScatter } from '../../reports/render/figure/scatter-layout.js';
import { renderScatterLayout } from '../../reports/render/svg/scatter.js';
import { geometricMean, positiveInterval, positiveMean, ratioOf } from '../../reports/statistics/positive.js';
import { suites, workloads as realWorkloads } from '../../suites/index.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';
import { publicationRun } from './publications.js';
import { suite } from './suite.js';
import { paperRuns, wideRuns } from './wide-scenes.js';
import { scaleRun, workloads } from './workload-scenes.js';

const of = (runs: Parameters<typeof buildReport>[0]): Report =>
  buildReport(runs, { suites: [suite, ...figureSuites], workloads });
const report = of(paperRuns());
const figureIn = ({ exhibits }: Report): ScatterExhibit => {
  const found = exhibits.find((one) => one.kind === 'scatter');
  if (found === undefined) throw new Error('the report has no figure of points');
  return found;
};
const pointOf = (label: string, from = report): ScatterExhibit['scatter']['points'][number] | undefined =>
  figureIn(from).scatter.points.find((point) => point.label === label && point.system !== null);

const EFFICIENCY = [
  ...['iperf/throughput', 'dd/write', 'dbench/first-90000-throughput', 'postmark/transactions', 'cpu/events'],
  ...['kernel-compile/elapsed', 'osdb/rows-per-second'],
];

describe('efficiency', () => {
  /** The raw values of a metric of a system. */
  const valuesOf = (metric: string, target: string): number[] =>
    report.cells
      .find((cell) => cell.metric === metric && cell.target === target && /^figure-[56]/.test(cell.exhibit))
      ?.samples.map(([value]) => value) ?? [];

  it.each(['vserver-up', 'xen3-up', 'xen3-smp'])('of %s agrees with the delta method written out', (target) => {
    const parts = EFFICIENCY.flatMap((metric) =>
      [target, 'linux-up'].map((id) => {
        const values = valuesOf(metric, id);
        const mean = values.reduce((a, b) => a + b, 0) / values.length;
        const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
        const inverted = metric === 'kernel-compile/elapsed';
        return {
          log: (id === target ? 1 : -1) * (inverted ? -1 : 1) * Math.log(mean),
          square: variance / values.length / mean ** 2,
          freedom: values.length - 1,
        };
      }),
    );
    const k = EFFICIENCY.length;
    const log = parts.reduce((sum, part) => sum + part.log, 0) / k;
    const total = parts.reduce((sum, { square }) => sum + square, 0);
    const freedom = total ** 2 / parts.reduce((sum, { square, freedom: own }) => sum + square ** 2 / own, 0);
    const half = (jstat.studentt.inv(0.975, freedom) * Math.sqrt(total)) / k;
    const { y } = pointOf(report.systems.find((system) => system.target === target)?.label ?? '') ?? {};
    expect(y?.state).toBe('value');
    if (y?.state !== 'value') return;
    expect(y.value).toBeCloseTo(100 * Math.exp(log), 8);
    expect(y.low).toBeCloseTo(100 * Math.exp(log - half), 6);
    expect(y.high).toBeCloseTo(100 * Math.exp(log + half), 6);
  });

  it('covers the true mean in about 95 % of simulated comparisons', () => {
    const next = randomStream('coverage of efficiency');
    const normal = (): number =>
      Math.sqrt(-2 * Math.log(uniform(next) || 1e-12)) * Math.cos(2 * Math.PI * uniform(next));
    const draw = (mean: number, cv: number): Float64Array =>
      Float64Array.from({ length: 5 }, () => mean * (1 + cv * normal()));
    const truth = [0.6, 0.98, 1.04, 0.8, 1, 0.93, 0.61];
    const center = Math.exp(truth.reduce((sum, one) => sum + Math.log(one), 0) / truth.length);
    const repeats = 2000;
    let covered = 0;
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const ratios = truth.map((one, index) => {
        const [top, bottom] = [positiveMean(draw(one, 0.02 + 0.02 * index)), positiveMean(draw(1, 0.03))];
        if (typeof top === 'string' || typeof bottom === 'string') throw new Error('no interval');
        return ratioOf(top, bottom);
      });
      const { low, high } = positiveInterval(geometricMean(ratios));
      if (low <= center && center <= high) covered += 1;
    }
    expect(covered / repeats).toBeGreaterThan(0.935);
    expect(covered / repeats).toBeLessThan(0.97);
  });

  it('of the baseline is 100 without an interval', () => {
    expect(pointOf('Linux-UP')?.y).toEqual({ state: 'value', value: 100, low: null, high: null });
  });
});

describe('isolation', () => {
  it('is what is left of the largest loss', () => {
    const { x } = pointOf('Xen3-UP') ?? {};
    expect(x?.state === 'value' && x.value).toBeCloseTo(100 - 100 * (1 - 15.51 / 25), 0);
    const { x: other, inputs } = pointOf('VServer-UP') ?? {};
    expect(other?.state === 'value' && other.value).toBeCloseTo(86.6, 0);
    expect(inputs?.filter(({ axis }) => axis === 'x')).toHaveLength(2);
  });

  it('counts a share above the request as a loss of the others, and a gain as none', () => {
    const inputs = (label: string): number[] =>
      (pointOf(label)?.inputs ?? []).flatMap((one) => (one.axis === 'x' && 'value' in one ? [one.value] : []));
    expect(inputs('VServer-UP')[1]).toBeGreaterThan(0);
    expect(inputs('Xen3-SMP')[0]).toBeLessThan(0);
    const { x } = pointOf('Xen3-SMP') ?? {};
    expect(x?.state === 'value' && x.value).toBeCloseTo((100 * 44.1) / 50, 0);
  });

  it('has an interval that contains its value', () => {
    for (const { x, system } of figureIn(report).scatter.points) {
      if (x.state !== 'value' || system === null) continue;
      expect(x.low).toBeLessThan(x.value);
      expect(x.high).toBeGreaterThan(x.value);
    }
  });
});

describe('what is missing', () => {
  it('is named by system, and leaves the coordinate out', () => {
    const { x, y } = pointOf('runc-UP', of(wideRuns())) ?? {};
    expect(y).toEqual({ state: 'missing', missing: [expect.stringMatching(/^PostMark \(.*did not start/)] });
    expect(x?.state).toBe('value');
    expect(pointOf('Xen3 two CPUs')?.x).toMatchObject({ state: 'missing' });
  });

  it('is both where no benchmark of an axis was measured: then there is no figure unless it is requested', () => {
    expect(of([paperRun()]).exhibits.map(({ id }) => id)).not.toContain('figure-2');
    expect(of([scaleRun()]).exhibits.map(({ id }) => id)).not.toContain('figure-2');
    const asked = buildReport([pairRun()], { suites: figureSuites, workloads, exhibits: ['figure-2'] });
    const lines = renderTerminal(asked, { width: 200 });
    expect(lines).toMatch(
      /LXC-UP: efficiency needs PostMark \(.*\), OSDB-IR \(.*\); isolation needs OSDB-IR beside dd \(.*\), CPU by weight/,
    );
  });

  it('of the paper is efficiency: it stands on the axis of isolation alone', () => {
    const paper = buildReport([publicationRun('soltesz2007')], { suites, workloads: realWorkloads });
    const points = figureIn(paper).scatter.points;
    const rounded = (x: object): object => ('value' in x ? { ...x, value: Number(Number(x.value).toFixed(6)) } : x);
    expect(points.map(({ label, x }) => [label, rounded(x)])).toEqual([
      ['VServer-UP', { state: 'band', low: 86, high: 87 }],
      ['Xen3-UP', { state: 'value', value: 62.04, low: null, high: null }],
      ['VServer-SMP', { state: 'band', low: 86, high: 87 }],
      ['Xen3-SMP', { state: 'value', value: 88.2, low: null, high: null }],
    ]);
    expect(points.every(({ y }) => y.state === 'missing')).toBe(true);
  });
});

describe('the drawing', () => {
  const layout = layoutScatter(figureIn(of(wideRuns())).scatter);

  it('has a label for each point, none over another, all inside', () => {
    for (const width of [760, 420]) {
      const { points, height } = layoutScatter(figureIn(of(wideRuns())).scatter, width);
      const heights = points.map(({ label }) => label.y).sort((a, b) => a - b);
      for (const [index, y] of heights.entries())
        if (index > 0) expect(y - (heights[index - 1] ?? 0)).toBeGreaterThan(16);
      expect(heights.at(-1)).toBeLessThan(height);
      for (const { x, y } of points) {
        expect(x).toBeGreaterThan(0);
        expect(x).toBeLessThan(width);
        expect(y).toBeGreaterThan(0);
        expect(y).toBeLessThan(height);
      }
    }
  });

  it('puts what lacks a coordinate into a lane, and invents none', () => {
    for (const { value, across, up, y, x } of layout.points) {
      if (value.y === null) {
        expect(up).toBeNull();
        expect(y).toBeGreaterThan(layout.plot.bottom);
      }
      if (value.x === null) {
        expect(across).toBeNull();
        expect(x).toBeGreaterThan(layout.plot.right);
      }
    }
    expect(layout.points.filter(({ value }) => value.y === null).map(({ label }) => label.text)).toContain('runc-UP');
    expect(layout.points.filter(({ value }) => value.x === null).map(({ label }) => label.text)).toContain('Podman-UP');
  });

  it('has every point at the same place in SVG and Chart.js', async () => {
    const canvas = new ChartJSNodeCanvas({
      ...{ width: layout.width, height: layout.height },
      plugins: { requireLegacy: ['chartjs-chart-error-bars'] },
      chartCallback: (chart) => {
        registerFigures(chart);
        registerScatter(chart);
      },
    });
    const drawn: { x: number; y: number }[] = [];
    const read = (chart: Chart): void => {
      for (const index of layout.points.keys()) {
        const [element] = chart.getDatasetMeta(index).data;
        drawn.push({ x: element?.x ?? 0, y: element?.y ?? 0 });
      }
    };
    await canvas.renderToBuffer({ ...scatterChartOf(layout, LIGHT), plugins: [{ id: 'read', afterDraw: read }] });
    const svg = renderScatterLayout(layout, 'x');
    for (const [index, { x, y, label }] of layout.points.entries()) {
      expect(drawn[index]?.x).toBeCloseTo(x, 3);
      expect(drawn[index]?.y).toBeCloseTo(y, 3);
      expect(svg).toContain(`>${label.text}</text>`);
    }
  });
});

test('every format has the coordinates, with intervals and what is missing', async () => {
  const wide = of(wideRuns());
  const html = renderHtml(wide, await loadAssets(), { linkBase: '..' });
  const { y } = pointOf('LXC-UP', wide) ?? {};
  if (y?.state !== 'value') throw new Error('no efficiency');
  const number = y.value.toFixed(1);
  for (const text of [html, renderMarkdown(wide), renderTerminal(wide, { width: 160 })]) {
    expect(text).toContain(number);
    expect(text).toMatch(/efficiency needs PostMark/);
    expect(text).toMatch(/isolation needs CPU by weight/);
  }
  const lines = renderCsv(wide)
    .split('\r\n')
    .filter((line) => line.startsWith('figure-2,'));
  expect(lines).toHaveLength(24);
  expect(lines.find((line) => line.includes(',lxc-up,'))).toContain(
    `,value,,${y.value},${y.low ?? ''},${y.high ?? ''},percent,`,
  );
});
