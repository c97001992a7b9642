import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  findSite,
  loadAssets,
  loadSiteAssets,
  readDigest,
  sitePages,
  SiteWriter,
  type Assets,
  type RunDigest,
} from '../../../reports/index.js';
import { changesBetween, previousOf } from '../../../reports/site/changes.js';
import { dataScript } from '../../../reports/site/find.js';
import { termsOf } from '../../../reports/site/glossary.js';
import { html } from '../../../reports/site/html.js';
import { fileName } from '../../../reports/site/names.js';
import { makeRun, seriesRun, type Made } from './scenes.js';

const RUNS = 7;
let assets: Assets;
let made: readonly Made[] = [];
const terms = termsOf('| term | meaning |\n| --- | --- |\n| agent | the `C` program of a [trial](x.md) |\n');

beforeAll(async () => {
  assets = await loadAssets();
  made = Array.from({ length: RUNS }, (_, index) => makeRun(seriesRun(index), assets));
});

const digests = (count = RUNS): readonly RunDigest[] => made.slice(0, count).map(({ digest }) => digest);

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** Writes the site of the first `count` runs, as `bench site` does; returns how much was written. */
async function write(
  folder: string,
  count: number,
  changed: readonly number[],
): Promise<{ written: number; removed: number }> {
  const found = await findSite(folder);
  const writer = new SiteWriter(folder, found.state === 'intact' ? found.manifest : undefined);
  for (const [index, { digest, page }] of made.slice(0, count).entries()) {
    if (changed.includes(index)) await writer.writeRun(digest, page);
    else writer.keepRun(digest.run);
  }
  for (const [path, content] of sitePages(digests(count), terms)) await writer.write(path, content);
  return writer.finish('test', Object.fromEntries(digests(count).map(({ run }) => [run, 'input'])));
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-site-'));
  folders.push(folder);
  return folder;
}

const all = Array.from({ length: RUNS }, (_, index) => index);

describe('the pages of a site', () => {
  it('lead to each other: every link is to a file of the site, or to the folder of runs', () => {
    const pages = sitePages(digests(), terms);
    const paths = new Set([...pages.keys(), 'assets/site.css', 'assets/site.js']);
    for (const { digest } of made)
      for (const path of [`runs/${digest.run}.html`, `data/${digest.run}.js`]) paths.add(path);
    for (const [path, page] of pages) {
      if (!path.endsWith('.html')) continue;
      for (const [, href = ''] of page.matchAll(/(?:href|src)="([^"]*)"/g)) {
        if (href === 'data:,' || href === '') continue;
        const target = new URL(href, `http://x/${path}`);
        expect(paths, `${path}: ${href}`).toContain(target.pathname.slice(1));
      }
    }
  });

  it('have a strict policy, and nothing in them that it forbids', () => {
    for (const [path, page] of sitePages(digests(), terms)) {
      if (!path.endsWith('.html')) continue;
      expect(page, path).toContain('default-src &#39;none&#39;; style-src &#39;self&#39;');
      expect(page, path).not.toMatch(/<script>|<style|style=|\son\w+=|https?:\/\/(?!x)/);
    }
    expect(made[0]?.page).toContain('<link rel="stylesheet" href="../assets/site.css">');
    expect(made[0]?.page).not.toContain('@font-face');
  });

  it('escape whatever runs have in them', () => {
    const hostile = '</script><img src=x onerror=alert(1)>"\'&\u2028\u001b[31m';
    const [first] = digests(1);
    if (first === undefined) throw new Error('no run');
    const systems = first.systems.map((system) => ({ ...system, label: hostile, host: hostile, key: hostile }));
    const values = first.values.map((value) => ({ ...value, label: hostile, metric: `x/${hostile}` }));
    const digest = { ...first, systems, values, title: hostile, notices: [hostile], headlines: [hostile] };
    for (const [path, page] of sitePages([digest], [{ term: hostile, meaning: hostile }])) {
      expect(path).toMatch(/^[A-Za-z0-9._/-]+$/);
      expect(page, path).not.toMatch(/<img|<\/script><|\u001b|\u2028/);
    }
    expect(html`<a title="${hostile}"></a>`.text).not.toContain('<img');
  });

  it('are the same, byte for byte, whatever order runs are read in', () => {
    const pages = sitePages(digests(), terms);
    expect([...sitePages(digests().toReversed(), terms)].sort()).toEqual([...pages].sort());
  });

  it('name what changed, as bench compare computes it', () => {
    const [before, , , , , after] = digests();
    if (before === undefined || after === undefined) throw new Error('no runs');
    expect(previousOf(after, digests(5))?.run).not.toBe(after.run);
    const { rows } = changesBetween(before, after);
    expect(rows.length).toBeGreaterThan(20);
    for (const { ratio, low, high, before: a, after: b } of rows) {
      expect(ratio).toBeCloseTo(b.mean / a.mean, 9);
      expect(low).toBeLessThan(ratio);
      expect(high).toBeGreaterThan(ratio);
    }
  });
});

describe('the script of a site', () => {
  const script = async (): Promise<Record<string, (...given: never[]) => unknown>> => {
    const text = await readFile(new URL('../../../reports/site/site.js', import.meta.url), 'utf8');
    return runInNewContext(`${text}\n({ compareRuns, find })`) as Record<string, (...given: never[]) => unknown>;
  };

  it('compares two runs with the numbers of the pages', async () => {
    const [before, , , , , after] = digests();
    if (before === undefined || after === undefined) throw new Error('no runs');
    const expected = changesBetween(before, after).rows;
    const compareRuns = (await script())['compareRuns'] as unknown as (
      a: RunDigest,
      b: RunDigest,
    ) => readonly { ratio: number; low: number; high: number; p: number; changed: boolean }[];
    const found = compareRuns(before, after);
    expect(found).toHaveLength(expected.length);
    for (const [index, row] of expected.entries()) {
      for (const name of ['ratio', 'low', 'high', 'p'] as const) expect(found[index]?.[name]).toBeCloseTo(row[name], 6);
      expect(found[index]?.changed).toBe(row.changed);
    }
  });

  it('finds entries that have all words, titles first', async () => {
    const find = (await script())['find'] as unknown as (
      entries: readonly string[][],
      query: string,
    ) => readonly string[][];
    const entries = [
      ['run', '2026-01-02-fork', 'runs/a.html', 'LXC-UP'],
      ['metric', 'fork process', 'metrics/b.html', 'lmbench/fork-process'],
      ['term', 'trial', 'glossary.html#t', 'one fork'],
    ];
    expect(find(entries, 'FORK').map(([, title]) => title)).toEqual(['fork process', '2026-01-02-fork', 'trial']);
    expect(find(entries, 'fork lxc').map(([, title]) => title)).toEqual(['2026-01-02-fork']);
    expect(find(entries, ' ')).toEqual([]);
  });
});

describe('a second call', () => {
  it('touches nothing where nothing is new, and with one more run only what has it', async () => {
    const folder = await emptyFolder();
    await write(folder, RUNS - 1, all);
    const before = await stat(join(folder, 'index.html'));
    expect(await write(folder, RUNS - 1, [])).toMatchObject({ written: 0, removed: 0 });
    expect((await stat(join(folder, 'index.html'))).mtimeMs).toBe(before.mtimeMs);
    await write(folder, RUNS, [RUNS - 1]);
    const [first] = digests();
    const old = await stat(join(folder, 'runs', `${first?.run ?? ''}.html`));
    expect(old.mtimeMs).toBeLessThan((await stat(join(folder, 'index.html'))).mtimeMs);
    expect(await readdir(join(folder, 'runs'))).toHaveLength(RUNS);
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toBe(sitePages(digests(), terms).get('index.html'));
  });

  it('removes the pages of runs that are gone, and nothing else', async () => {
    const folder = await emptyFolder();
    await write(folder, RUNS, all);
    await writeFile(join(folder, 'own.txt'), 'mine');
    expect((await write(folder, 2, [])).removed).toBeGreaterThan(0);
    expect(await readdir(join(folder, 'runs'))).toHaveLength(2);
    expect(await readFile(join(folder, 'own.txt'), 'utf8')).toBe('mine');
  });

  it('sees data of a run that were changed, and files that lost bytes', async () => {
    const folder = await emptyFolder();
    await write(folder, 2, all);
    const found = await findSite(folder);
    if (found.state !== 'intact') throw new Error(found.state);
    const run = digests()[0]?.run ?? '';
    expect(await readDigest(folder, found.manifest, run)).toEqual(digests()[0]);
    await writeFile(join(folder, 'data', `${run}.js`), dataScript('benchRun', { ...digests()[0], title: 'other' }));
    expect(await readDigest(folder, found.manifest, run)).toBeUndefined();
    await writeFile(join(folder, 'index.html'), '');
    expect((await write(folder, 2, [0])).written).toBe(2);
  });

  it.each([
    ['cut short', '{"format":"bench-si'],
    ['of another format', '{"format":"other","maker":"x","runs":{},"files":{}}'],
    ['with files that are none', '{"format":"bench-site/1","maker":"x","runs":{},"files":{"a":1}}'],
  ])('reports a manifest that is %s', async (_, text) => {
    const folder = await emptyFolder();
    await writeFile(join(folder, 'manifest.json'), text);
    expect((await findSite(folder)).state).toBe('damaged');
  });

  it('removes nothing outside of the site, whatever a manifest lists', async () => {
    const folder = await emptyFolder();
    const outside = `${folder}.txt`;
    folders.push(outside);
    await writeFile(outside, 'mine');
    const path = `../${outside.slice(outside.lastIndexOf('/') + 1)}`;
    const writer = new SiteWriter(folder, {
      format: 'bench-site/1',
      maker: 'x',
      runs: {},
      files: { [path]: ['0', 4] },
    });
    await writer.finish('x', {});
    expect(await readFile(outside, 'utf8')).toBe('mine');
  });

  it('refuses a folder with other files', async () => {
    const folder = await emptyFolder();
    expect(await findSite(folder)).toEqual({ state: 'absent' });
    await writeFile(join(folder, 'notes.txt'), '');
    expect((await findSite(folder)).state).toBe('foreign');
  });
});

describe('the glossary', () => {
  it('is that of the documents', async () => {
    const { terms: found } = await loadSiteAssets(assets);
    expect(found.map(({ term }) => term)).toEqual(expect.arrayContaining(['agent', 'baseline', 'trial']));
    expect(sitePages([], terms).get('glossary.html')).toContain('the <code>C</code> program of a trial');
  });
});

describe('file names', () => {
  it.each([
    ['linux-up.paper.measured.ab12', 'linux-up.paper.measured.ab12'],
    ['../x', '_.._2fx'],
    ['a b', 'a_20b'],
    ['_', '_5f'],
  ])('%j is %j', (text, name) => {
    expect(fileName(text)).toBe(name);
  });
});
