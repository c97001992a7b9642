import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Suite } from '../../harness/types.js';
import { buildReport, exhibits, referenceById, references } from '../../reports/index.js';
import { checksOf, claimKind, publishedQuantity } from '../../reports/claims/checks.js';
import { PUBLISHED_MARKS } from '../../reports/reference/marks.js';
import { TABLE_2_METRICS } from '../../reports/reference/rows.js';
import { tableValue } from '../../reports/reference/index.js';
import { suites } from '../../suites/index.js';
import { publishedRun } from './scenes.js';

const soltesz = referenceById('soltesz2007');
const all: readonly Suite[] = suites;

describe('published values', () => {
  test.each(
    references.flatMap((reference) =>
      reference.table2 === undefined ? [] : [[reference.id, reference.table2] as const],
    ),
  )('%s: every row has a value a column and a metric of the real suite', (_id, table) => {
    const lmbench = all.find((suite) => suite.id === 'lmbench');
    for (const row of table.rows) {
      expect(row.values).toHaveLength(table.columns.length);
      const metric = lmbench?.metrics[TABLE_2_METRICS[row.metric] ?? ''];
      expect(metric).toMatchObject({ unit: table.unit, better: table.lowerIsBetter ? 'lower' : 'higher' });
    }
  });

  it('reads a value by row and column, and null where there is none', () => {
    const table = soltesz.table2;
    if (table === undefined) throw new Error('no Table 2');
    expect(tableValue(table, 'mmap (256MB)', 'Xen3-UP')).toBe(4847.3);
    expect(tableValue(table, 'mmap (256MB)', 'Docker')).toBeNull();
    expect(tableValue(table, 'no such row', 'Xen3-UP')).toBeNull();
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

describe('claims', () => {
  const claims = soltesz.claims ?? [];

  it('have ids of their own, and exhibits ask for none that is not there', () => {
    const ids = claims.map((claim) => claim.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const exhibit of exhibits) for (const id of exhibit.claims) expect(ids).toContain(id);
  });

  test.each(claims.filter((claim) => claim.id.startsWith('t2-')).map((claim) => [claim.id, claim] as const))(
    '%s can be checked, and the paper’s own table bears it out',
    (_id, claim) => {
      const checks = checksOf(claim);
      expect(checks.length).toBeGreaterThan(0);
      expect(claimKind(claim)).not.toBe('prose');
      for (const check of checks) {
        const value = soltesz.table2 && publishedQuantity(check, soltesz.table2);
        expect(value).toBeGreaterThanOrEqual(check.band.low);
        expect(value).toBeLessThanOrEqual(check.band.high);
      }
    },
  );

  it('every sentence about Figures 5 to 8 can be checked, in metrics of the figure that shows it', () => {
    for (const exhibit of exhibits) {
      if (exhibit.kind !== 'figure') continue;
      const metrics = exhibit.bars.map((bar): string => bar.metric);
      const prefix = `f${exhibit.id.replace('figure-', '')}-`;
      expect(exhibit.claims).toEqual(claims.map((claim) => claim.id).filter((id) => id.startsWith(prefix)));
      for (const claim of claims.filter(({ id }) => exhibit.claims.includes(id))) {
        const checks = checksOf(claim);
        expect(checks.length, claim.id).toBeGreaterThan(0);
        for (const check of checks) {
          expect(metrics, claim.id).toContain(check.metric);
          expect(soltesz.configurations).toContain(check.of);
          expect(check.band.low).toBeLessThan(check.band.high);
        }
      }
    }
  });

  it('what figures mark as stated belongs to a claim, and lies in the band that it is judged by', () => {
    for (const mark of PUBLISHED_MARKS) {
      const claim = claims.find((candidate) => candidate.id === mark.claim);
      expect(soltesz.configurations).toContain(mark.column);
      expect(claim?.text).toBeDefined();
      const bands = claim === undefined ? [] : checksOf(claim).filter((check) => check.of === mark.column);
      const within = (value: number): boolean => bands.some(({ band }) => band.low <= value && value <= band.high);
      if (mark.low !== null) expect(within(mark.low), mark.text).toBe(true);
      if (mark.high !== null) expect(within(mark.high), mark.text).toBe(true);
    }
  });

  it('a sentence without numbers is left to readers', () => {
    const prose = { id: 'words', where: '1', text: 'It is better.' };
    expect(claimKind(prose)).toBe('prose');
    expect(checksOf(prose)).toEqual([]);
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
    expect(report.claims.every((claim) => claim.verdict === 'not measured')).toBe(true);
  });

  it.each([
    [{}, 'must name its source'],
    [{ reference: 'x', column: 'y' }, 'there is no reference x'],
    [{ reference: 'soltesz2007', column: 'y' }, 'no column y; it has Linux-UP'],
    [{ reference: 'felter2015', column: 'Native' }, 'has no table of this suite'],
  ])('with a source like %j has no value and says why', (source, why) => {
    const run = publishedRun();
    const records = run.records.map((record) => ({ ...record, source }));
    const broken = buildReport([{ ...run, records }], { suites });
    expect(broken.cells.every((cell) => cell.state === 'missing')).toBe(true);
    expect(broken.cells[0]?.why).toContain(why);
  });
});

describe('the folder reports', () => {
  const sources = readdirSync(new URL('../../reports/', import.meta.url), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(new URL(`../../reports/${name}`, import.meta.url), 'utf8')] as const);

  it('imports of the harness only its types, the reading of trials and the random generator, and does I/O only in the writer', () => {
    expect(sources.length).toBeGreaterThan(30);
    for (const [name, source] of sources) {
      const imports = [...source.matchAll(/from '([^']+)'/g)].map((match) => match[1] ?? '');
      const harness = imports.filter((path) => path.includes('/harness/'));
      expect(
        harness.filter((path) => !/\/harness\/(types\.js|random\.js|trial\/)/.test(path)),
        name,
      ).toEqual([]);
      if (name === 'writer.ts') continue;
      expect(
        imports.filter((path) => /^node:(fs|os|child|process|net|http)/.test(path)),
        name,
      ).toEqual([]);
      expect(source, name).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\.|performance\./);
    }
  });
});
