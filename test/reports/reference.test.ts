import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Suite } from '../../harness/types.js';
import { buildReport, exhibits, referenceById, references } from '../../reports/index.js';
import { rowOfMetric, tableOf, tableValue } from '../../reports/reference/index.js';
import type { Measured } from '../../reports/model/measured.js';
import { suites, workloads } from '../../suites/index.js';
import { publishedRun } from './scenes.js';

const soltesz = referenceById('soltesz2007');
const all: readonly Suite[] = suites;

describe('published values', () => {
  const rows = references.flatMap((reference) =>
    Object.entries(reference.tables).flatMap(([id, table]) =>
      table.rows.flatMap((row) =>
        row.metric === null ? [] : [[`${reference.id}, ${id}, ${row.label}`, row] as const],
      ),
    ),
  );

  test.each(rows)('%s has the unit and direction of its metric', (_name, row) => {
    const [id, name = ''] = row.metric?.split('/') ?? [];
    const everything: readonly Measured[] = [...all, ...workloads];
    const metric = everything.find((one) => one.id === id)?.metrics[name];
    expect(metric).toMatchObject({ unit: row.unit });
    if (row.lowerIsBetter !== undefined) expect(metric?.better).toBe(row.lowerIsBetter ? 'lower' : 'higher');
  });

  it('reads a value by row and column, and null where there is none', () => {
    const table = tableOf(soltesz, 'table-2');
    expect(tableValue(table, 'mmap (256MB)', 'Xen3-UP')).toBe(4847.3);
    expect(tableValue(table, 'mmap (256MB)', 'Docker')).toBeNull();
    expect(tableValue(table, 'no such row', 'Xen3-UP')).toBeNull();
    const shares = tableOf(soltesz, 'table-3');
    expect(tableValue(shares, 'Weight 1/4', 'VS-UP')).toBe(tableValue(shares, 'Weight 1/4', 'VServer-UP'));
    expect(rowOfMetric(soltesz, 'lmbench/mmap-256mb')?.row.label).toBe('mmap (256MB)');
    expect(rowOfMetric(soltesz, 'lmbench/ctx-2p-0k')).toBeUndefined();
    expect(() => tableOf(soltesz, 'table-1')).toThrow('soltesz2007 has no table table-1; it has table-2, table-3');
  });

  it('names the references that there are when one is unknown', () => {
    expect(() => referenceById('x')).toThrow(/soltesz2007/);
  });

  it('has every file of the folder', () => {
    const files = readdirSync(new URL('../../reports/reference/', import.meta.url)).filter((name) =>
      name.endsWith('.json'),
    );
    expect(files.map((name) => name.replace('.json', '')).sort()).toEqual(references.map((one) => one.id).sort());
  });
});

describe('figures', () => {
  const bars = exhibits.flatMap((exhibit) => (exhibit.kind === 'figure' ? exhibit.bars : []));
  const registered = bars.filter(({ metric }) => all.some((suite) => metric.startsWith(`${suite.id}/`)));

  test.each(registered.map(({ metric }) => [metric]))('%s is a metric of the real suite', (metric) => {
    const [id = '', name = ''] = metric.split('/');
    expect(all.find((suite) => suite.id === id)?.metrics).toHaveProperty(name);
  });

  it('draw throughput in bits per second and the CPU of the receiver in percent', () => {
    const units = registered.slice(0, 2).map(({ metric }) => {
      const [id = '', name = ''] = metric.split('/');
      return all.find((suite) => suite.id === id)?.metrics[name]?.unit;
    });
    expect(units).toEqual(['bit/s', 'percent']);
  });
});

describe('a published run', () => {
  const report = buildReport([publishedRun()], { suites });

  it('shows the paper’s table through the real suite, and reports that nothing was measured', () => {
    const cells = report.cells.filter((cell) => cell.exhibit === 'table-2');
    expect(cells).toHaveLength(21);
    expect(cells.every((cell) => cell.state === 'value' && cell.verdict === 'not judged' && cell.n === null)).toBe(
      true,
    );
    expect(report.comparable).toMatchObject({ verdict: 'no' });
    const byId = Object.fromEntries(report.claims.map(({ id, verdict }) => [id, verdict]));
    expect(byId).toMatchObject({ 't2-mmap-per-mb': 'reproduced', 't2-sh-49': 'contradicted' });
  });

  it.each([
    [undefined, 'must name its publication'],
    [{ reference: 'x', column: 'y' }, 'there is no reference x'],
    [{ reference: 'soltesz2007', column: 'y' }, 'states nothing of y; it does of Linux-UP'],
    [{ reference: 'felter2015', column: 'Native' }, 'states nothing of Native in lmbench'],
  ])('of %j has no value, with the reason', (published, why) => {
    const run = publishedRun();
    const records = run.records.map((record) => {
      const others = { ...record };
      delete others.published;
      return published === undefined ? others : { ...others, published };
    });
    const broken = buildReport([{ ...run, records }], { suites });
    expect(broken.cells.every((cell) => cell.state === 'missing')).toBe(true);
    expect(broken.irregularities[0]?.what).toContain(why);
  });
});

describe('the folder reports', () => {
  const sources = readdirSync(new URL('../../reports/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(new URL(`../../reports/${name}`, import.meta.url), 'utf8')] as const);

  it('imports of the harness only its types, the reading of trials and the random generator, and does I/O only in the writers', () => {
    expect(sources.length).toBeGreaterThan(30);
    for (const [name, source] of sources) {
      const imports = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
      const harness = imports.filter((path) => path.includes('/harness/'));
      expect(
        harness.filter((path) => !/\/harness\/(types\.js|random\.js|trial\/)/.test(path)),
        name,
      ).toEqual([]);
      if (name === 'writer.ts' || name === 'figure-files.ts' || name === 'site-writer.ts') continue;
      expect(
        imports.filter((path) => /^node:(fs|os|child|process|net|http)/.test(path)),
        name,
      ).toEqual([]);
      expect(source, name).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\.|performance\./);
    }
  });
});
