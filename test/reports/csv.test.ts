import { describe, expect, it, test } from 'vitest';
import { renderCsv, type Report } from '../../reports/index.js';
import { CSV_COLUMNS } from '../../reports/render/data/csv.js';
import { hostileReport } from './hostile.js';
import { scenes } from './rendered-scenes.js';

/** RFC 4180, strictly. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let end = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') rows.push([]);
    end = pattern.lastIndex;
  }
  expect(end).toBe(text.length);
  return rows.slice(0, -1);
}

const NUMBERS = [
  'n',
  'center',
  'low',
  'high',
  'ratio',
  'ratioLow',
  'ratioHigh',
  'published',
  'sd',
  'noiseFloor',
] as const;
const TEXTS = ['exhibit', 'metric', 'target', 'state', 'unit', 'verdict', 'benchmark', 'system', 'origin'] as const;

describe.each([...scenes, ['hostile', hostileReport()] as const])('the CSV of %s', (_name, report: Report) => {
  const [header, ...rows] = parseCsv(renderCsv(report));

  it('has a header and a row of as many fields for each cell, in the order of the report', () => {
    expect(header).toEqual(CSV_COLUMNS);
    expect(rows).toHaveLength(report.cells.length);
    for (const row of rows) expect(row).toHaveLength(CSV_COLUMNS.length);
  });

  it('has the numbers and words of the cells, unrounded', () => {
    for (const [index, cell] of report.cells.entries()) {
      const field = (column: (typeof CSV_COLUMNS)[number]): string => rows[index]?.[CSV_COLUMNS.indexOf(column)] ?? '?';
      for (const column of NUMBERS)
        expect(field(column) === '' ? null : Number(field(column)), column).toBe(cell[column]);
      expect(field('requested') === '' ? null : Number(field('requested'))).toBe(cell.request?.requested ?? null);
      expect(field('holmP') === '' ? null : Number(field('holmP'))).toBe(cell.difference?.holmP ?? null);
      // Text that begins like a formula has an apostrophe in front.
      for (const column of TEXTS) expect(field(column).replace(/^'(?=[=+\-@\t\r])/, ''), column).toBe(cell[column]);
      expect(field('tool')).toBe(cell.tool?.name ?? '');
    }
  });

  it('has no field that a spreadsheet runs as a formula', () => {
    for (const row of rows) for (const field of row) expect(field).not.toMatch(/^[=+@\t\r]|^-(?!\d)/);
  });
});

test.each([
  ['=cmd()', `'=cmd()`],
  ['+1', `'+1`],
  ['-x', `'-x`],
  ['@x', `'@x`],
  ['\tx', ' x'],
  ['\rx', ' x'],
  ['a,b', '"a,b"'],
  ['a"b', '"a""b"'],
  ['a\nb', 'a b'],
  ['\t=1+1', `' =1+1`],
  ['plain', 'plain'],
])('the text %j is the field %j', (text, field) => {
  const [, report] = scenes[0] ?? [];
  const [cell] = report?.cells ?? [];
  if (report === undefined || cell === undefined) throw new Error('the first scene has no cell');
  const written = renderCsv({ ...report, cells: [{ ...cell, exhibit: text }] });
  expect(written.slice(written.indexOf('\r\n') + 2).startsWith(`${field},`)).toBe(true);
});
