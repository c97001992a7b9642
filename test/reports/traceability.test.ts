import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, loadAssets, renderHtml, type ExportOptions } from '../../reports/index.js';
import { MAX_EXCERPT_LENGTH } from '../../reports/render/html/raw-excerpts.js';
import { all, byId, parsePage, textOf, type PageElement } from './page-tree.js';
import { troubledRuns } from './scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

const assets = await loadAssets();

const rawOf = (runs: readonly LoadedRun[], what: 'selected' | 'all'): NonNullable<ExportOptions['raw']> => ({
  what,
  read: (run, path) => runs.find(({ id }) => id === run)?.raw.get(path),
  gzip: (bytes) => gzipSync(bytes),
});

async function pageOf(
  runs: readonly LoadedRun[],
  what?: 'selected' | 'all',
): Promise<{ page: PageElement; html: string }> {
  const report = buildReport(runs, { suites: [suite] });
  const html = renderHtml(report, assets, {
    ...{ linkBase: 'runs', version: '1.2.3', command: 'bench report run-1' },
    ...(what === undefined ? {} : { raw: rawOf(runs, what) }),
  });
  return { page: await parsePage(html), html };
}

const idsIn = (page: PageElement): ReadonlySet<string> =>
  new Set(all(page, '*').flatMap(({ attributes }) => attributes['id'] ?? []));
const hrefOf = (link: PageElement | undefined): string => link?.attributes['href'] ?? '';

/** Values in the lists of trials, with the tooltip and the link of each. */
const valuesIn = (page: PageElement): { readonly title: string; readonly href: string }[] =>
  all(page, 'table.trials')
    .flatMap((table) => all(table, 'td.number'))
    .flatMap((td) => {
      const title = td.attributes['title'];
      return title === undefined ? [] : [{ title, href: hrefOf(all(td, 'a')[0]) }];
    });

describe('every number of a table', () => {
  it('links to the trials that it was computed from, without a script', async () => {
    const { page, html } = await pageOf(troubledRuns());
    expect(html).not.toContain('<script');
    const ids = idsIn(page);
    const means = all(page, 'td.first')
      .flatMap((td) => all(td, 'span.main'))
      .filter((main) => textOf(main) !== '');
    expect(means.length).toBeGreaterThan(20);
    const published = means.filter((main) => all(main, 'a').length === 0);
    // Of the columns of the paper that nobody measured or imported.
    for (const main of published) expect(main.attributes['class']).toBe('main');
    const links = means.flatMap((main) => all(main, 'a')).map(hrefOf);
    expect(links.length).toBeGreaterThan(20);
    for (const href of links) expect(ids).toContain(href.slice(1));
  });

  it('has its file, its line and the checksum of the file in the list of trials', async () => {
    const run = demoRun();
    const { page } = await pageOf([run]);
    const titles = valuesIn(page).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(50);
    for (const title of titles) expect(title).toMatch(/^raw\/t\d{4}\.1\.txt, line \d+$/);
    const digests = all(page, 'span.digest').map(textOf);
    const expected = run.records.flatMap(({ outcome }) =>
      outcome.status === 'collected' ? outcome.artifacts.map(({ sha256 }) => sha256) : [],
    );
    expect(digests.toSorted()).toEqual(expected.toSorted());
  });
});

describe('embedded raw files', () => {
  it('show the very lines that values were read from, marked', async () => {
    const run = demoRun();
    const { page } = await pageOf([run], 'selected');
    const ids = idsIn(page);
    const values = valuesIn(page);
    const lines = new Map(all(page, '.raw-line').map((line) => [line.attributes['id'], line]));
    for (const { href, title } of values) {
      expect(ids).toContain(href.slice(1));
      const [, path = '', line = ''] = /^(\S+), line (\d+)$/.exec(title) ?? [];
      const raw = new TextDecoder().decode(run.raw.get(path)).split('\n')[Number(line) - 1] ?? '';
      const marks = all(lines.get(href.slice(1)) ?? page, 'mark').map(textOf);
      expect(marks).toEqual([raw.replace(/\s+/g, ' ').trim()]);
    }
    expect(values.length).toBeGreaterThan(50);
  });

  it('are whole and compressed with `all`, with the checksum that is shown', async () => {
    const { page } = await pageOf([demoRun()], 'all');
    const files = all(page, 'details.raw');
    expect(files).toHaveLength(10);
    for (const file of files) {
      const [link] = all(file, 'a');
      const [, data = ''] = hrefOf(link).split('base64,');
      const bytes = gunzipSync(Buffer.from(data, 'base64'));
      expect(all(file, '.hash').map(textOf)).toEqual([createHash('sha256').update(bytes).digest('hex')]);
    }
  });

  it('never become markup, and show no control character', async () => {
    const hostile = '<script>alert(1)</script></pre>{{x}}\u001b[2J\u202e\u0000';
    const run = demoRun({ output: (_, __, ___, text) => `${hostile}\n${text}\n${hostile}\n` });
    const { html, page } = await pageOf([run], 'all');
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/[\u0000\u001b\u202e]/);
    expect(all(page, '.raw-line').map(textOf).join('\n')).toContain('<script>alert(1)</script></pre>{{x}}\uFFFD[2J');
  });

  it('end at a limit, and the page names what is left out', async () => {
    const long = `${'x'.repeat(390)}\n`.repeat(4);
    const run = demoRun({ trials: 150, output: (_, __, ___, text) => `${long}${text}${long}` });
    const { html, page } = await pageOf([run], 'selected');
    const shown = all(page, 'details.raw').length;
    expect(shown).toBeGreaterThan(10);
    expect(shown).toBeLessThan(300);
    expect(html).toContain(`${shown} of 300 raw files are in this page.`);
    expect(html).toContain(`The lines of ${300 - shown} are left out`);
    expect(all(page, 'details.raw').map(textOf).join('').length).toBeLessThan(1.2 * MAX_EXCERPT_LENGTH);
    // A value whose line is not in the page links to its file.
    const hrefs = new Set(valuesIn(page).map(({ href }) => href.slice(0, 4)));
    expect(hrefs).toEqual(new Set(['#raw', 'runs']));
  });

  it('that were changed are not shown', () => {
    const run = demoRun();
    const changed = { ...run, raw: new Map() };
    const report = buildReport([run], { suites: [suite] });
    const html = renderHtml(report, assets, { linkBase: 'runs', raw: rawOf([changed], 'selected') });
    expect(html).toContain('0 of 10 raw files are in this page. 10 could not be read.');
  });
});

it('a page names its version, the command and the hash of each plan', async () => {
  const run = demoRun();
  const { page } = await pageOf([run]);
  const text = textOf(byId(page, 'reproduce'));
  expect(text).toContain('It was made by bench 1.2.3 with bench report run-1 .');
  expect(text).toContain(run.stored.hash);
});
