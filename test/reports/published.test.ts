import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { storedPlanSchema } from '../../harness/types/plan.js';
import { recordSchema } from '../../harness/types/record.js';
import {
  buildReport,
  loadAssets,
  referenceById,
  references,
  reportJsonSchema,
  renderCsv,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderTerminal,
  type Cell,
  type Report,
} from '../../reports/index.js';
import { quantitiesOf } from '../../reports/reference/quantities.js';
import { suites, workloads } from '../../suites/index.js';
import { publicationRun } from './publications.js';

const of = (...ids: readonly string[]): Report =>
  buildReport(
    ids.map((id) => publicationRun(id)),
    { suites, workloads },
  );
const paper = of('soltesz2007');
const cell = (report: Report, exhibit: string, metric: string, target: string): Cell | undefined =>
  report.cells.find((one) => one.exhibit === exhibit && one.metric === metric && one.target === target);

describe.each(references.map(({ id }) => [id]))('an import of %s', (id) => {
  const run = publicationRun(id);
  const report = of(id);

  it('has records and a plan in the format of stored runs', () => {
    for (const record of run.records) expect(recordSchema.parse(record)).toEqual(record);
    expect(storedPlanSchema.parse(run.stored)).toEqual(run.stored);
  });

  it('brings every quantity that the publication states, once, with its kind', () => {
    const wanted = quantitiesOf(referenceById(id));
    expect(wanted.length).toBeGreaterThan(20);
    for (const { column, benchmark, metric, ...quantity } of wanted) {
      const target = run.stored.plan.targets.find(({ reproduces }) => reproduces === column)?.id;
      const own = report.cells.filter((one) => one.metric === `${benchmark}/${metric}` && one.target === target);
      expect(own.length, `${column} ${metric}`).toBeGreaterThan(0);
      for (const { state, center, stated } of own) {
        if (quantity.kind === 'mean') expect({ state, center }).toEqual({ state: 'value', center: quantity.value });
        else expect(stated.map(({ text }) => text)).toContain(quantity.statement.text);
      }
    }
    const means = wanted
      .filter(({ kind }) => kind === 'mean')
      .map(({ column, benchmark, metric }) => [column, benchmark, metric].join());
    expect(new Set(means).size).toBe(means.length);
  });

  it('makes no point of a bound or a band, and no interval without a published spread', () => {
    for (const { state, center, low, high, ratioLow, sd, stated } of report.cells) {
      if (state !== 'value') expect([center, low, high, ratioLow]).toEqual([null, null, null, null]);
      if (sd === null) expect([low, high, ratioLow]).toEqual([null, null, null]);
      for (const { kind, low: from, high: to } of stated) {
        if (kind === 'value') expect(from).toBe(to);
        if (kind === 'bound') expect([from, to].filter((end) => end === null)).toHaveLength(1);
        if (kind === 'band') expect(Number(from)).toBeLessThan(Number(to));
      }
    }
  });
});

test('printed means and deviations are those of the publications', async () => {
  const lines = references.flatMap((reference) =>
    quantitiesOf(reference).flatMap((quantity) => {
      if (quantity.kind !== 'mean') return [];
      const { benchmark, metric, column, value, spread } = quantity;
      const sd = spread === null ? '' : `sd ${spread.sd} of ${spread.runs} runs, divisor ${spread.divisor}`;
      return [[reference.id, `${benchmark}/${metric}`, column, value, sd].join('\t')];
    }),
  );
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/published-means.tsv');
});

describe('the paper', () => {
  const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(reportJsonSchema);

  test.each(references.map(({ id }) => [id]))('imported from %s is JSON of the report’s schema', (id) => {
    const valid = validate(JSON.parse(renderJson(of(id))));
    expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it('has every exhibit', () => {
    const ids = paper.exhibits.flatMap(({ role, id }) => (role === 'exhibit' ? [id] : []));
    expect(ids).toEqual([
      'table-2',
      'figure-5',
      'figure-6a',
      'figure-6b',
      'figure-7',
      'table-3',
      'figure-8',
      'figure-2',
    ]);
  });

  test.each([
    ['table-3', 'table-3-weight/guest-0', 'xen3-up', { state: 'value', center: 15.51 }],
    ['table-3', 'table-3-cap/guest-0', 'xen3-smp', { state: 'value', center: 46.62 }],
    ['table-3', 'table-3-cap/guest-0', 'vserver-up', { state: 'missing' }],
    ['figure-5', 'iperf-cpu/receiver-cpu-ticks', 'linux-up', { state: 'stated', why: 'just over 70 %' }],
    ['figure-5', 'iperf-cpu/receiver-cpu', 'linux-up', { state: 'missing' }],
    ['figure-5', 'iperf-cpu/receiver-cpu', 'xen3-up', { state: 'stated', why: 'saturated' }],
    ['figure-6a', 'dbench/first-90000-throughput', 'xen3-smp', { state: 'stated', ratio: null }],
    ['figure-8', 'osdb-beside-dd/rows-per-second', 'xen3-smp', { state: 'stated', why: 'a gain of 1 %' }],
  ])('%s, %s on %s is %j', (exhibit, metric, target, expected) => {
    expect(cell(paper, exhibit, metric, target)).toMatchObject(expected);
  });

  it('shows how far published shares are from the request', () => {
    const { request } = cell(paper, 'table-3', 'table-3-weight/guest-0', 'xen3-up') ?? {};
    expect(request).toMatchObject({ requested: 25, low: null, high: null, beyond: true });
    expect(request?.deviation).toBeCloseTo(-9.49, 6);
    expect(cell(paper, 'table-3', 'table-3-weight/guest-0', 'vserver-smp')?.request?.requested).toBe(50);
  });
});

describe('two publications of one table', () => {
  const both = of('soltesz2007', 'soltesz2006-preprint');

  it('are shown with the difference in every format', async () => {
    const notes = both.exhibits.find(({ id }) => id === 'table-2')?.notes ?? [];
    const differing = notes.filter((note) => note.kind === 'sources differ');
    expect(differing.map(({ label }) => label)).toEqual([
      ...['fork process', 'exec process', 'sh process', 'ctx (16p/64K)', 'page fault'],
    ]);
    const fault = differing.at(-1)?.values.find(({ column }) => column === 'Xen3-UP');
    expect(fault).toMatchObject({ reference: 'soltesz2006-preprint', value: 2.245, compared: 3.21 });
    expect(fault?.percent).toBeCloseTo(100 * (2.245 / 3.21 - 1), 9);
    expect(fault?.ratioPercent).toBeCloseTo(100 * (2.245 / 1.065 / (3.21 / 1.03) - 1), 9);
    const words = '2.245 on Xen3-UP where soltesz2007 has 3.21 (−30.1 %; −32.4 % as a ratio, 2.108)';
    expect(renderHtml(both, await loadAssets(), { linkBase: '..' })).toContain(words);
    expect(renderMarkdown(both)).toContain(words);
    expect(renderTerminal(both, { width: 2000 })).toContain(words);
    expect(renderJson(both)).toContain('"value":2.245');
    expect(renderCsv(paper)).toMatch(/^table-2,lmbench\/page-fault,xen3-up,.*,soltesz2006-preprint,2\.245,-30\.06/m);
    expect(renderCsv(paper)).toMatch(
      /^figure-6a,dbench\/first-90000-throughput,xen3-up,.*band: 25 to 35 % less than Linux-UP; bound: /m,
    );
  });

  it('are columns of their own, and claims are about the paper alone', () => {
    expect(both.systems.map(({ host }) => host).filter((host) => host !== 'soltesz2007')).toHaveLength(3);
    expect(
      both.cells.find(({ system, metric }) => system.includes('linux-up') && metric === 'lmbench/fork-process')?.center,
    ).toBe(86.5);
    expect(both.claims.map(({ verdict }) => verdict)).toEqual(paper.claims.map(({ verdict }) => verdict));
  });
});

describe('Felter et al.', () => {
  const report = of('felter2015');
  const triad = cell(report, 'suite-felter2015-table-1', 'felter2015-table-1/stream-triad', 'kvm-untuned');
  const pxz = cell(report, 'suite-felter2015-table-1', 'felter2015-table-1/pxz', 'kvm-untuned');

  it('has means with the published spread, and intervals from it', () => {
    expect(triad).toMatchObject({ n: 10, center: 45e9, sd: 0.2e9, unit: 'B/s' });
    // mean exp(± t(0.975, 9) sd / (sqrt(9) mean)): the divisor of STREAM's deviations is n.
    expect(triad?.low).toBeCloseTo(45e9 * Math.exp((-2.262157163 * 0.2) / 3 / 45), -2);
    expect(pxz?.ratio).toBeCloseTo(59.2 / 76.2, 12);
    expect(pxz?.ratioHigh).toBeLessThan(0.81);
  });

  it('agrees with the departures that it prints, to the percent', () => {
    const rows = referenceById('felter2015').tables['table-1']?.rows ?? [];
    expect(rows).toHaveLength(7);
    for (const { label, values, departurePercent } of rows) {
      for (const [at, printed] of departurePercent.entries()) {
        const [native, value] = [values[0], values[at]];
        if (printed === null || native == null || value == null) continue;
        expect(Math.abs(100 * (value / native - 1) - printed), `${label} ${at}`).toBeLessThan(1);
      }
    }
  });

  it('is compared with nothing of the paper', () => {
    expect(report.systems.map(({ counterpart }) => counterpart)).toEqual([null, null, null, null]);
    expect(report.claims).toEqual([]);
  });
});
