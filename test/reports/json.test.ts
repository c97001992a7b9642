import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import { buildReport, exporters, loadAssets, renderJson, reportJsonSchema, type Report } from '../../reports/index.js';
import { hostileReport } from './hostile.js';
import { scenes } from './rendered-scenes.js';
import { suite } from './suite.js';
import { syntheticRun } from './synthetic.js';

const oneTrial = syntheticRun({
  targets: [{ id: 'linux-up', label: 'a', shape: { cpus: [0, 1], memoryBytes: 1e9 } }],
  trials: 1,
});
const reports: readonly (readonly [string, Report])[] = [
  ...scenes,
  ['one trial', buildReport([oneTrial], { suites: [suite] })],
  ['hostile', hostileReport()],
];
const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(reportJsonSchema);

describe.each(reports)('the JSON of %s', (_name, report) => {
  const written = JSON.parse(renderJson(report)) as Report;

  it('follows its schema', () => {
    expect(validate(written), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('is the report, with nothing lost', () => {
    expect(written).toEqual(report);
  });

  it('shows each cell in one place, which names the same exhibit, metric and system', () => {
    const shown = written.exhibits.flatMap((exhibit) =>
      exhibit.rows.flatMap((row) =>
        row.cells.flatMap((indices, column) =>
          indices.map((at) => [at, exhibit.id, row.metric, exhibit.columns[column]] as const),
        ),
      ),
    );
    expect(shown.map(([at]) => at).sort((a, b) => a - b)).toEqual(written.cells.map((_, at) => at));
    for (const [at, exhibit, metric, system] of shown) {
      const cell = written.cells[at];
      expect([cell?.exhibit, cell?.metric, cell?.system]).toEqual([exhibit, metric, system]);
    }
  });

  it('leads from every number to a trial of the same system, and to its file unless it is published', () => {
    for (const cell of written.cells) {
      if (cell.n !== null) expect(cell.samples, cell.metric).toHaveLength(cell.n);
      for (const [value, trial, file, line] of cell.samples) {
        const source = written.trials[trial];
        expect([source?.system, source?.benchmark, source?.status]).toEqual([cell.system, cell.benchmark, 'collected']);
        if (cell.origin === 'published') continue;
        expect(source?.files[file]?.path).toBeTypeOf('string');
        expect(line).toBeGreaterThan(0);
        expect(Number.isFinite(value)).toBe(true);
      }
      if (cell.center !== null && cell.samples.length > 0) {
        const mean = cell.samples.reduce((sum, [value]) => sum + value, 0) / cell.samples.length;
        expect(Math.abs(cell.center / mean - 1) < 1e-9 || cell.center === mean, cell.metric).toBe(true);
      }
    }
  });

  it('gives a reason wherever there is no number', () => {
    for (const cell of written.cells) if (cell.state !== 'value') expect(cell.why, cell.metric).toBeTruthy();
  });
});

test('the schema rejects a report that lacks a field or has a wrong one', () => {
  const report = JSON.parse(renderJson(reports[0]?.[1] as Report)) as Record<string, unknown>;
  const { cells, ...without } = report;
  const [cell] = cells as object[];
  for (const wrong of [
    without,
    { ...report, schema: 'bench-report/1' },
    { ...report, cells: [{ ...cell, n: 'five' }] },
  ]) {
    expect(validate(wrong)).toBe(false);
  }
});

test('begins every cell with the columns that were agreed', () => {
  const [first] = (JSON.parse(renderJson(reports[0]?.[1] as Report)) as { cells: object[] }).cells;
  expect(Object.keys(first ?? {}).slice(0, 16)).toEqual(
    'exhibit metric target state n center low high unit ratio ratioLow ratioHigh published publishedRatio verdict why'.split(
      ' ',
    ),
  );
});

describe('the registry of exporters', () => {
  it('has each id, media type and extension once', () => {
    for (const key of ['id', 'mediaType', 'extension'] as const) {
      expect(new Set(exporters.map((exporter) => exporter[key])).size).toBe(exporters.length);
    }
  });

  it.each(exporters)('$id renders every scene, twice the same', async (exporter) => {
    const options = { linkBase: '..', width: 100, assets: loadAssets };
    for (const [, report] of reports.slice(0, 3)) {
      const text = await exporter.render(report, options);
      expect(text.endsWith('\n')).toBe(true);
      expect(await exporter.render(report, options)).toBe(text);
    }
  });
});
