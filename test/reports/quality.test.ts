import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport, loadAssets, loadScript, renderHtml, writeReport, type Report } from '../../reports/index.js';
import { suites, workloads as realWorkloads } from '../../suites/index.js';
import { CHROMIUM, launch, missing } from './chromium.js';
import { figureSuites } from './figure-scenes.js';
import { CORPUS, hostileReport } from './hostile.js';
import { publicationRun } from './publications.js';
import { troubledRuns } from './scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';
import { wideRuns } from './wide-scenes.js';
import { workloads } from './workload-scenes.js';

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

describe.skipIf(CHROMIUM === undefined)(`the quality of the page in a real browser${missing}`, () => {
  let folder = '';
  let browser: Browser | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-quality-'));
    browser = await launch();
    const options = { suites: [suite, ...figureSuites], workloads };
    const scenes: readonly (readonly [string, Report])[] = [
      ['measured', buildReport([demoRun()], options)],
      ['troubled', buildReport(troubledRuns(), options)],
      ['wide', buildReport(wideRuns(), options)],
      [
        'paper',
        buildReport([publicationRun('soltesz2007')], { suites, workloads: realWorkloads, publishedOnly: true }),
      ],
      ['hostile', hostileReport(CORPUS.join(' '))],
    ];
    const assets = await loadAssets();
    for (const [name, report] of scenes) {
      await writeReport(join(folder, `${name}.html`), renderHtml(report, assets, { linkBase: '..' }));
      if (name !== 'wide') continue;
      const script = await loadScript();
      await writeReport(join(folder, 'interactive.html'), renderHtml(report, assets, { linkBase: '..', script }));
    }
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** A page of a scene, with what it requested and complained of; closed afterwards. */
  async function visit(
    name: string,
    options: BrowserContextOptions,
    check: (page: Page, found: { readonly requests: string[]; readonly messages: string[] }) => Promise<void>,
  ): Promise<void> {
    if (browser === undefined) throw new Error('the browser was not started');
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    try {
      const page = await context.newPage();
      const found = { requests: [] as string[], messages: [] as string[] };
      page.on('request', (request) => found.requests.push(request.url()));
      page.on('console', (message) => found.messages.push(message.text()));
      page.on('pageerror', (error) => found.messages.push(error.message));
      page.on('dialog', (dialog) => {
        found.messages.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
      await check(page, found);
    } finally {
      await context.close();
    }
  }

  const phone = { viewport: { width: 375, height: 800 } };
  // Not the page of twelve systems: axe takes a minute for all of its elements.
  const views: readonly (readonly [string, string, BrowserContextOptions])[] = [
    ...['measured', 'hostile'].map((name) => [name, 'light', {}] as const),
    ...['troubled', 'paper'].map((name) => [name, 'dark', { colorScheme: 'dark' }] as const),
    ...['measured', 'paper'].map((name) => [name, 'phone', phone] as const),
  ];

  it.each(views)(
    '%s, %s: axe finds nothing, and there is no request and no complaint',
    async (name, _view, options) => {
      await visit(name, options, async (page, { requests, messages }) => {
        await page.evaluate('document.fonts.ready');
        await page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
        // As a statement: a page that allows no script still runs what its browser is told to.
        await page.evaluate(axe.source);
        const violations = await page.evaluate<Violation[]>('axe.run(document).then(({ violations }) => violations)');
        const lines = violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map(({ target }) => target.join(' '))
              .join('; ')}`,
        );
        expect(lines).toEqual([]);
        expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
        expect(messages).toEqual([]);
        const width = options.viewport?.width ?? 1280;
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      });
    },
  );

  it('has a strict policy before anything else that it governs', async () => {
    for (const name of ['wide', 'interactive', 'paper']) {
      await visit(name, {}, async (page) => {
        const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
        expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
        expect(policy).not.toMatch(/unsafe|\*|https?:/);
        expect(policy?.includes('script-src')).toBe(name === 'interactive');
        const before = await page.evaluate<string[]>(
          `[...document.head.children].slice(0, 2).map((one) => one.getAttribute('http-equiv') ?? one.getAttribute('charset'))`,
        );
        expect(before).toEqual(['utf-8', 'Content-Security-Policy']);
      });
    }
  });

  it('hides a system with the keyboard alone, and without JavaScript', async () => {
    for (const javaScriptEnabled of [true, false]) {
      await visit('wide', { javaScriptEnabled }, async (page) => {
        const column = page.locator('#table-2 td.of-4').first();
        const summary = page.locator('details.systems summary');
        expect(await column.isVisible()).toBe(true);
        await summary.focus();
        await page.keyboard.press('Enter');
        for (let step = 0; step < 5; step += 1) await page.keyboard.press('Tab');
        await page.keyboard.press('Space');
        expect(await page.locator('#show-4').isChecked()).toBe(false);
        expect(await column.isVisible()).toBe(false);
        expect(await page.locator('#table-2 td.of-3').first().isVisible()).toBe(true);
        await page.keyboard.press('Space');
        expect(await column.isVisible()).toBe(true);
      });
    }
  });

  it('shows where the keyboard is, at each stop', async () => {
    await visit('measured', {}, async (page) => {
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press('Tab');
        const outline = await page.evaluate<string>(
          `(() => { const one = document.activeElement; const style = getComputedStyle(one); return one === document.body ? 'end' : style.outlineStyle + ' ' + style.outlineWidth; })()`,
        );
        if (outline === 'end') return;
        expect(outline).toMatch(/^(solid|auto) [1-9]/);
      }
    });
  });

  it('draws figures for a phone, each text inside its drawing', async () => {
    await visit('wide', phone, async (page) => {
      await page.evaluate('document.fonts.ready');
      expect(await page.locator('#figure-6a .desk').isVisible()).toBe(false);
      const outside = await page.evaluate<
        string[]
      >(`[...document.querySelectorAll('.phone svg text')].filter((text) => {
        const [own, whole] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
        return own.width > 0 && (own.left < whole.left - 2 || own.right > whole.right + 2);
      }).map((text) => text.textContent)`);
      expect(outside).toEqual([]);
    });
  });

  it('prints every system that is shown, and no box', async () => {
    await visit('wide', {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('details.systems').isVisible()).toBe(false);
      expect(await page.locator('#table-2 td.of-11').first().isVisible()).toBe(true);
      expect(await page.locator('#figure-6a .desk svg').isVisible()).toBe(true);
    });
  });
});
