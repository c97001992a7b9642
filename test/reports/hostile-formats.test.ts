import { describe, expect, it } from 'vitest';
import { exporters, loadAssets, type Report } from '../../reports/index.js';
import { CORPUS, hostileReport } from './hostile.js';
import { all, parsePage, textOf } from './page-tree.js';

const assets = await loadAssets();
const render = async (id: string, report: Report): Promise<string> => {
  const exporter = exporters.find((one) => one.id === id);
  if (exporter === undefined) throw new Error(`no format ${id}`);
  return exporter.render(report, { linkBase: '..', width: 100, assets: () => Promise.resolve(assets) });
};
/** Elements and their attributes, and where links lead. */
const shapeOf = async (html: string): Promise<Set<string>> =>
  new Set(
    all(await parsePage(html), '*').flatMap(({ name, attributes }) => [
      name,
      ...Object.keys(attributes).map((key) => `${name} ${key}`),
      ...(attributes['href'] === undefined
        ? []
        : [`to ${/^(#|\.\.|data:)/.exec(attributes['href'])?.[0] ?? attributes['href']}`]),
    ]),
  );
const benign = await shapeOf(await render('html', hostileReport('plain text')));

/** What a terminal obeys, but line breaks. */
const CONTROLS = /[^\P{Cc}\n\r]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

describe.each(CORPUS.map((text) => [JSON.stringify(text), text] as const))('%s', (_name, text) => {
  const report = hostileReport(text);

  it('is text in a page: no element, attribute or link of its own', async () => {
    const html = await render('html', report);
    expect([...(await shapeOf(html))].filter((one) => !benign.has(one))).toEqual([]);
    expect(html.match(/<script/g)).toBeNull();
    const shown = textOf(await parsePage(html));
    expect(shown).not.toMatch(CONTROLS);
  });

  it('is nothing that a terminal obeys, in any format', async () => {
    for (const { id } of exporters) {
      if (id === 'html') continue;
      const rendered = await render(id, report);
      expect(CONTROLS.exec(rendered)?.[0], id).toBeUndefined();
    }
  });

  it('is neither markup, link nor cell of a table in Markdown', async () => {
    const rendered = await render('md', report);
    expect(rendered).not.toMatch(/<(script|img|svg|style|!--)|(?<!\\)!?(?<!\\)\[[^\]]*(?<!\\)\]\(|https?:\/\//i);
    const tables = rendered.split('\n').filter((line) => line.startsWith('|'));
    let columns = 0;
    for (const [index, line] of tables.entries()) {
      const bars = line.match(/(?<!\\)\|/g)?.length ?? 0;
      if (/^\| ?:?-{3}/.test(line)) columns = (tables[index - 1]?.match(/(?<!\\)\|/g) ?? []).length;
      if (/^\| ?:?-{3}/.test(line)) expect(bars, line).toBe(columns);
    }
  });

  it('is no formula in CSV, and itself in JSON', async () => {
    const rows = (await render('csv', report)).split('\r\n');
    for (const row of rows) {
      // Where a field begins: at the line, after a comma, after a quote that opens.
      expect(row).not.toMatch(/(?:^|,)"?\s*[=+@]|(?:^|,)"?\s*-(?!\d)/);
    }
    const json = JSON.parse(await render('json', report)) as Report;
    expect(json.systems.map(({ label }) => label)).toEqual(report.systems.map(({ label }) => label));
  });
});
