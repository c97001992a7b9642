import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadAssets, renderHtml, type Cell, type Report } from '../../reports/index.js';
import type { FigureExhibit, ScatterExhibit, TableExhibit } from '../../reports/model/document.js';
import { hostileReport } from './hostile.js';
import { all, byId, elementsIn, parsePage, textOf, type PageElement } from './page-tree.js';
import { scenes } from './rendered-scenes.js';

const assets = await loadAssets();
const render = (report: Report): string => renderHtml(report, assets, { linkBase: '../runs' });
const hostile = hostileReport();
const pages = await Promise.all(
  [...scenes, ['hostile', hostile] as const].map(async ([name, report]) => {
    const html = render(report);
    return { name, report, html, page: await parsePage(html) };
  }),
);

/** What rates are divided by, by the first letter of their unit. */
const PREFIXES: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function divisorOf(unit: string): number {
  return /^[kMGT](?:B|bit)\/s$/.test(unit) ? (PREFIXES[unit.slice(0, 1)] ?? 1) : 1;
}

/** A printed number, with its minus sign, without what follows it. */
function numberIn(text: string): number {
  const match = /^([−+]?)(\d+(?:\.\d+)?)(?:×|$)/.exec(text);
  if (match === null) throw new Error(`not a number: ${JSON.stringify(text)}`);
  return (match[1] === '−' ? -1 : 1) * Number(match[2]);
}

/** Whether a printed number is this one, to the decimals that it is printed with. */
function expectNumber(printed: string, value: number, where: string): void {
  const decimals = /\.(\d+)/.exec(printed)?.[1]?.length ?? 0;
  expect(Math.abs(numberIn(printed) - value), where).toBeLessThanOrEqual(0.5 * 10 ** -decimals * (1 + 1e-9));
}

function cellsAt(report: Report, indices: readonly number[]): Cell[] {
  return indices.map((at) => report.cells[at]).filter((cell) => cell !== undefined);
}

/** Rows of the body without headings between them. */
function bodyRows(table: PageElement): PageElement[] {
  return all(table, 'tbody').flatMap((body) =>
    elementsIn(body).filter((row) => (row.attributes['class'] ?? '') !== 'part'),
  );
}

/** The mean of a cell, and its ratio where one column has both. */
function mainNumbers(entry: PageElement): readonly [string[], string | undefined] {
  const mains = all(entry, 'span.main');
  const isRatio = (one: PageElement): boolean => (one.attributes['class'] ?? '').includes('ratio');
  return [mains.filter((one) => !isRatio(one)).map(textOf), mains.filter(isRatio).map(textOf)[0]];
}

/** Checks every number of a table, and counts those that it found. */
function checkTable(exhibit: TableExhibit, report: Report, page: PageElement): number {
  const [table] = all(byId(page, exhibit.id), 'table.results');
  const rows = bodyRows(table ?? byId(page, 'no table'));
  expect(rows).toHaveLength(exhibit.rows.length);
  let found = 0;
  for (const [index, row] of exhibit.rows.entries()) {
    const [stub, ...data] = elementsIn(rows[index] ?? page);
    const where = `${exhibit.id}, ${row.label}`;
    expect(textOf(stub ?? page).startsWith(row.label.replace(/\s+/g, ' ')), where).toBe(true);
    const divisor = divisorOf(
      all(stub ?? page, 'span.unit')
        .map(textOf)
        .join(''),
    );
    // Each system begins with its mean; the columns after it are of the same cells.
    const groups: PageElement[][] = [];
    for (const td of data) {
      if ((td.attributes['class'] ?? '').split(' ').includes('first')) groups.push([td]);
      else groups.at(-1)?.push(td);
    }
    for (const [column, indices] of row.cells.entries()) {
      const cells = cellsAt(report, indices);
      const tds = groups[column] ?? [];
      for (const td of tds) expect(all(td, 'div.entry'), where).toHaveLength(cells.length);
      for (const [at, cell] of cells.entries()) {
        const [mean, ...beside] = tds.map((td) => ({ td, entry: all(td, 'div.entry')[at] ?? page }));
        const [printed, folded] = mainNumbers(mean?.entry ?? page);
        if (folded !== undefined && cell.ratio !== null) expectNumber(folded, cell.ratio, `${where}, ratio`);
        if (cell.center === null) {
          expect(printed, where).toEqual([]);
          expect(textOf(mean?.entry ?? page), where).toContain(cell.state);
          continue;
        }
        expect(printed, where).toHaveLength(1);
        expectNumber(printed[0] ?? '', cell.center / divisor, where);
        found += 1;
        for (const { td, entry } of beside) {
          const isPaper = (td.attributes['class'] ?? '').split(' ').includes('paper');
          const own = exhibit.quantity === 'request' ? (cell.request?.deviation ?? null) : cell.ratio;
          const value = isPaper ? cell.published : own;
          const numbers = all(entry, 'span.main').map(textOf);
          expect(numbers, where).toHaveLength(value === null ? 0 : 1);
          if (value !== null) expectNumber(numbers[0] ?? '', isPaper ? value / divisor : value, `${where}, beside`);
        }
      }
    }
  }
  return found;
}

/** The heading above each row; undefined where rows have none. */
function headingsOf(table: PageElement): ReadonlyMap<PageElement | undefined, string> {
  const found = new Map<PageElement | undefined, string>();
  for (const body of all(table, 'tbody')) {
    let heading: string | undefined;
    for (const row of elementsIn(body)) {
      if (row.attributes['class'] === 'part') heading = textOf(row);
      else if (heading !== undefined) found.set(row, heading);
    }
  }
  return found;
}

/** Checks every line of the table of a figure, and counts the means. */
function checkFigure(exhibit: FigureExhibit, report: Report, page: PageElement): number {
  const [table] = all(byId(page, exhibit.id), 'table.numbers');
  const lines = bodyRows(table ?? page);
  const headings = headingsOf(table ?? page);
  const expected = exhibit.rows.flatMap((row) => [
    ...cellsAt(report, row.cells.flat()).map((cell) => ({ row, cell })),
    ...exhibit.published.filter(({ metric }) => metric === row.metric).map(() => ({ row, cell: undefined })),
  ]);
  expect(lines).toHaveLength(expected.length);
  let found = 0;
  for (const [index, { row, cell }] of expected.entries()) {
    const texts = elementsIn(lines[index] ?? page).map(textOf);
    // In a page of many systems the metric is in a row above.
    const hasMetric = texts[0]?.startsWith(row.label) ?? false;
    const [metric, system, mean, , n, relative] = hasMetric ? texts : [headings.get(lines[index]), ...texts];
    const where = `${exhibit.id}, ${row.label}, ${system ?? ''}`;
    expect(metric?.startsWith(row.label), where).toBe(true);
    if (cell === undefined) continue;
    expect(system, where).toBe(report.systems.find(({ key }) => key === cell.system)?.label);
    if (cell.center === null || cell.state !== 'value') {
      expect(mean, where).toContain(cell.state);
      continue;
    }
    const unit = metric?.slice(row.label.length).replace(/^, /, '') ?? '';
    expectNumber(mean ?? '', cell.center / divisorOf(unit), where);
    expect(n, where).toBe(String(cell.n));
    if (cell.relative !== null) {
      expectNumber(relative ?? '', exhibit.quantity === 'loss' ? 100 * (1 - cell.relative) : cell.relative, where);
    }
    found += 1;
  }
  return found;
}

function checkExhibit(exhibit: Report['exhibits'][number], report: Report, page: PageElement): number {
  if (exhibit.kind === 'scatter') return checkScatter(exhibit, report, page);
  return exhibit.kind === 'figure' ? checkFigure(exhibit, report, page) : checkTable(exhibit, report, page);
}

function checkScatter(exhibit: ScatterExhibit, report: Report, page: PageElement): number {
  const [table] = all(byId(page, exhibit.id), 'table.numbers');
  const rows = bodyRows(table ?? page).map(textOf);
  const values = cellsAt(
    report,
    exhibit.rows.flatMap((row) => row.cells.flat()),
  ).filter(({ center }) => center !== null);
  for (const { center, system } of values) {
    const label = report.systems.find(({ key }) => key === system)?.label ?? '';
    const row = rows.find((one) => one.startsWith(label));
    expect(row).toContain((center ?? 0).toFixed(1).replace('-', '−'));
  }
  return values.length;
}

describe.each(pages)('the page of $name', ({ report, html, page }) => {
  test('has every number once, in its row and column', () => {
    for (const exhibit of report.exhibits) {
      const found = checkExhibit(exhibit, report, page);
      const cells = cellsAt(
        report,
        exhibit.rows.flatMap((row) => row.cells.flat()),
      );
      expect(found, exhibit.id).toBe(cells.filter((cell) => cell.center !== null).length);
    }
  });

  test('allows its own style sheet by hash, fonts inside it, and nothing else', () => {
    const [style, ...others] = all(page, 'style');
    expect(others).toEqual([]);
    const source = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? '';
    expect(style).toBeDefined();
    const hash = createHash('sha256').update(source).digest('base64');
    const [meta] = all(page, 'meta').filter(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(meta?.attributes['content']?.split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      'font-src data:',
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('has links that lead to a part of it or to a raw file of a trial', () => {
    const ids = all(page, '*').flatMap(({ attributes }) => attributes['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const files = new Set(
      report.trials.flatMap((trial) => trial.files.map(({ path }) => `../runs/${trial.run}/${path}`)),
    );
    const links = all(page, 'a').map(({ attributes }) => attributes['href'] ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      if (link.startsWith('#')) expect(ids, link).toContain(link.slice(1));
      else {
        expect(files, link).toContain(decodeURIComponent(link));
        expect(link.split('/').slice(1), link).not.toContain('..');
      }
    }
    for (const { attributes } of all(page, '*')) {
      for (const id of (attributes['aria-labelledby'] ?? '').split(' ').filter(Boolean)) expect(ids).toContain(id);
      const pattern = /^url\(#(.*)\)$/.exec(attributes['fill'] ?? '')?.[1];
      if (pattern !== undefined) expect(ids).toContain(pattern);
    }
  });

  test('has no empty element', () => {
    const mayBeEmpty = new Set(['meta', 'link', 'br', 'path', 'rect', 'circle', 'line', 'td', 'input']);
    const empty = all(page, '*').filter(
      (element) => !mayBeEmpty.has(element.name) && elementsIn(element).length === 0 && textOf(element) === '',
    );
    expect(empty.map(({ name, attributes }) => `${name} ${attributes['class'] ?? ''}`)).toEqual([]);
  });
});

test('text from hosts adds no element and no attribute', () => {
  const shapeOf = (page: PageElement): string[] =>
    all(page, '*').flatMap(({ name, attributes }) =>
      Object.keys(attributes)
        .map((attribute) => `${name} ${attribute}`)
        .concat(name),
    );
  const known = new Set(pages.filter(({ name }) => name !== 'hostile').flatMap(({ page }) => shapeOf(page)));
  const page = pages.find(({ name }) => name === 'hostile')?.page;
  const shape = page === undefined ? [] : shapeOf(page);
  expect(shape.length).toBeGreaterThan(100);
  expect(shape.filter((one) => !known.has(one))).toEqual([]);
  for (const forbidden of ['script', 'iframe', 'img', 'object', 'form']) expect(shape).not.toContain(forbidden);
  for (const one of shape) expect(one).not.toMatch(/ (on\w+|style|srcdoc)$/);
});
