import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { readConfig } from '../../harness/config/load.js';
import type * as Publications from '../../reports/reference/publications.js';
import type { Report } from '../../reports/index.js';
import { referenceSchema } from '../../reports/reference/schema.js';
import { demoRun } from './synthetic.js';

const GIGABYTES = { printed: 'GB/s', base: 'B/s', factor: 1e9 };
const SAMPLE = {
  id: 'sample2020',
  title: 'Two systems',
  cpus: 4,
  tables: {
    'start-and-copy': {
      caption: 'Starting and copying',
      unit: 's',
      lowerIsBetter: true,
      columns: ['Native', 'Docker 20'],
      rows: [
        { label: 'Start', values: [2, 8] },
        {
          label: 'Copy',
          unit: { printed: 'GB/s', base: 'B/s', factor: 1e9 },
          lowerIsBetter: false,
          values: [0.2, 0.1],
        },
        {
          label: 'fork',
          metric: 'lmbench/fork-process',
          unit: { printed: 'ms', base: 'us', factor: 1000 },
          values: [0.1, 0.3],
        },
      ],
    },
  },
};

const DATA = '../../reports/reference/publications.js';

/** The modules of reports as they are with one more publication. */
async function withSample() {
  vi.resetModules();
  vi.doMock(DATA, async (original) => {
    const { publications } = await original<typeof Publications>();
    return { publications: [...publications, SAMPLE] };
  });
  const [reports, { publishedColumns }, { publicationRun }, registry, { suite }] = await Promise.all([
    import('../../reports/index.js'),
    import('../../reports/reference/index.js'),
    import('./publications.js'),
    import('../../suites/index.js'),
    import('./suite.js'),
  ]);
  return { ...reports, ...registry, publishedColumns, publicationRun, suite };
}

let loaded: Awaited<ReturnType<typeof withSample>>;
beforeAll(async () => {
  loaded = await withSample();
});
// Test files share their modules.
afterAll(() => {
  vi.doUnmock(DATA);
  vi.resetModules();
});

describe('a publication with a table of another name and mixed units', () => {
  let report: Report;
  beforeAll(() => {
    const { buildReport, publicationRun, suites, workloads } = loaded;
    report = buildReport([publicationRun('sample2020', Buffer.from(JSON.stringify(SAMPLE)))], { suites, workloads });
  });
  const own = 'sample2020-start-and-copy';

  test.each([
    [`${own}/start`, { unit: 's', center: 8, ratio: 4, relative: 0.25 }],
    [`${own}/copy`, { unit: 'B/s', center: 1e8, ratio: 0.5, relative: 0.5 }],
    ['lmbench/fork-process', { unit: 'us', center: 300, ratio: 3 }],
  ])('is imported with %s as %j', (metric, expected) => {
    const cells = report.cells.filter((cell) => cell.metric === metric && cell.target === 'docker-20');
    expect(cells.length).toBeGreaterThan(0);
    for (const { unit, center, ratio, relative: performance } of cells) {
      const relative = 'relative' in expected ? { relative: performance } : {};
      expect({ unit, center, ratio, ...relative }).toEqual(expected);
    }
  });

  it('is shown with its units', () => {
    const text = loaded.renderTerminal(report, { width: 200 });
    expect(text).toContain('Start and copy of sample2020');
    // Table 2 is of another publication: the columns of this one are the first.
    expect(text).toMatch(/^fork process µs +100\.00 +300\.00 +3\.000 +86\.50 /m);
    expect(text).toMatch(/^Start s +2\.00 +8\.00 +4\.000$/m);
    expect(text).toMatch(/^Copy MB\/s +200\.0 +100\.0 +0\.500$/m);
  });
});

describe('a target that reproduces a column', () => {
  const forkOn = (reproduces: string): Report['cells'][number] | undefined => {
    const targets = [{ id: 'linux-up' }, { id: 'box', platform: 'docker', reproduces }];
    const { cells } = loaded.buildReport([demoRun({ targets })], { suites: [loaded.suite] });
    return cells.find(({ target, metric, exhibit }) =>
      [target, metric, exhibit].every((text, at) => text === ['box', 'lmbench/fork-process', 'table-2'][at]),
    );
  };

  test.each([
    ['sample2020/Docker 20', { reference: 'sample2020', publishedColumn: 'Docker 20', published: 300 }],
    ['Docker 20', { reference: 'sample2020', publishedColumn: 'Docker 20', published: 300 }],
    ['sample2020/Native', { reference: 'sample2020', publishedColumn: 'Native', published: 100 }],
    ['Docker', { reference: 'felter2015', publishedColumn: 'Docker', published: null, publishedRatio: null }],
    ['soltesz2006-preprint/Xen3-UP', { reference: 'soltesz2006-preprint', published: 282.7 }],
    ['VServer-UP', { reference: 'soltesz2007', published: 86.9 }],
  ])('%s is compared with %j', (reproduces, expected) => {
    expect(loaded.publishedColumns).toContain(reproduces);
    expect(forkOn(reproduces)).toMatchObject(expected);
  });

  it('has the ratio to the first column of that table', () => {
    expect(forkOn('Docker 20')?.publishedRatio).toBeCloseTo(3, 12);
  });

  test.each([
    ['Dokcer', 'Docker'],
    ['felter2015/KVM-tunde', 'felter2015/KVM-tuned'],
    ['sample2020/Docker 2', 'sample2020/Docker 20'],
  ])('%s, which no publication has, is refused with the nearest one, %s', (reproduces, nearest) => {
    const target = { host: 'alpha', platform: 'native', shape: { cpus: [1] }, reproduces };
    const text = JSON.stringify({ hosts: { alpha: { connect: 'local' } }, targets: { t: target } });
    const result = readConfig(text, '/lab/hosts.json', '/home/me', { columns: loaded.publishedColumns });
    expect(result.ok ? [] : result.mistakes).toEqual([
      expect.stringContaining(
        `targets.t.reproduces: expected the name of a published column, found "${reproduces}"; did you mean "${nearest}"?`,
      ),
    ]);
  });
});

describe('the form of a publication', () => {
  const row = { label: 'Start', values: [2, 8] };
  const table = { caption: 'c', unit: 's', lowerIsBetter: true, columns: ['Native', 'Docker'], rows: [row] };
  const mistakesOf = (tables: object): readonly string[] => {
    const result = referenceSchema.safeParse({ ...SAMPLE, tables });
    return result.success ? [] : result.error.issues.map(({ message }) => message);
  };
  const metric = 'lmbench/fork-process';

  it('takes a row’s own unit and direction before those of its table', () => {
    const both = [row, { ...row, label: 'Copy', unit: GIGABYTES, lowerIsBetter: false }];
    const { tables } = referenceSchema.parse({ ...SAMPLE, tables: { any: { ...table, rows: both } } });
    expect(tables['any']?.rows).toMatchObject([
      { unit: 's', printedUnit: 's', lowerIsBetter: true, values: [2, 8], metric: null },
      { unit: 'B/s', printedUnit: 'GB/s', lowerIsBetter: false, values: [2e9, 8e9] },
    ]);
  });

  test.each([
    ['no tables', {}, []],
    ['a table', { any: table }, []],
    ['an id in capitals', { 'Table 1': table }, ['Invalid key in record']],
    ['no unit', { any: { ...table, unit: undefined } }, ['Start: row and table have no unit']],
    ['no direction', { any: { ...table, lowerIsBetter: undefined } }, ['Start: row and table have no lowerIsBetter']],
    [
      'too few values',
      { any: { ...table, rows: [{ ...row, values: [1] }] } },
      ['Start, values: expected 2 values, one for each column, found 1'],
    ],
    ['a row twice', { any: { ...table, rows: [row, row] } }, ['two rows are called Start']],
    ['a column twice', { any: { ...table, columns: ['Native', 'Native'] } }, ['two columns are called Native']],
    [
      'a deviation of no runs',
      { any: { ...table, rows: [{ ...row, sd: [1, 1], divisor: 'n' }] } },
      ['Start: sd needs runs of the table and divisor of the row'],
    ],
    [
      'a metric in two tables',
      { one: { ...table, rows: [{ ...row, metric }] }, two: { ...table, rows: [{ ...row, metric }] } },
      [`two rows have values of ${metric}`],
    ],
  ])('with %s', (_what, tables, expected) => {
    expect(mistakesOf(tables)).toEqual(expected);
  });
});
