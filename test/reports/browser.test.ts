import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, loadAssets, loadScript, renderHtml, writeReport } from '../../reports/index.js';
import { CHROMIUM, launch, missing } from './chromium.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';
import { troubledRuns } from './scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

interface Visit {
  readonly page: Page;
  readonly requests: readonly string[];
  readonly messages: readonly string[];
}

describe.skipIf(CHROMIUM === undefined)(`the page in a real browser${missing}`, () => {
  let folder = '';
  let browser: Browser | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-report-'));
    browser = await launch();
    const assets = await loadAssets();
    const scenes: readonly (readonly [string, readonly LoadedRun[]])[] = [
      ['measured', [demoRun()]],
      ['troubled', troubledRuns()],
      ['figures', [demoRun({ profile: 'quick' }), pairRun()]],
      ['paper', [paperRun()]],
    ];
    for (const [name, runs] of scenes) {
      const report = buildReport(runs, { suites: [suite, ...figureSuites] });
      await writeReport(join(folder, `${name}.html`), renderHtml(report, assets, { linkBase: '..' }));
      if (name !== 'paper') continue;
      const script = await loadScript();
      await writeReport(join(folder, 'interactive.html'), renderHtml(report, assets, { linkBase: '..', script }));
    }
  });

  afterAll(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const visits = new Map<string, Promise<Visit>>();

  /** The page of a scene in a window of this width. It is loaded once, because drawing it takes longest. */
  async function visit(name: string, width: number, check: (visit: Visit) => Promise<void>): Promise<void> {
    const key = `${name} ${width}`;
    const visited = visits.get(key) ?? load(name, width);
    visits.set(key, visited);
    await check(await visited);
  }

  async function load(name: string, width: number): Promise<Visit> {
    if (browser === undefined) throw new Error('the browser was not started');
    const page = await browser.newPage({ viewport: { width, height: 900 }, javaScriptEnabled: true });
    const requests: string[] = [];
    const messages: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
    return { page, requests, messages };
  }

  const cases = ['measured', 'troubled', 'figures', 'paper', 'interactive'].flatMap((name) =>
    [1280, 400].map((width) => [name, width] as const),
  );

  it.each(cases)('%s at %d pixels: no request, no complaint, nothing wider than the window', async (name, width) => {
    await visit(name, width, async ({ page, requests, messages }) => {
      await page.evaluate('document.fonts.ready');
      const outside = requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'));
      expect(outside).toEqual([]);
      expect(messages).toEqual([]);
      const widths = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
      expect(widths).toEqual([width, width]);
    });
  });

  it('is set in its own font, and its style sheet passes its own policy', async () => {
    await visit('measured', 1280, async ({ page }) => {
      await page.evaluate('document.fonts.ready');
      const loaded = await page.evaluate('[...document.fonts].filter((font) => font.status === "loaded").length');
      expect(loaded).toBe(2);
      const family = await page.evaluate('getComputedStyle(document.body).fontFamily');
      expect(family).toContain('IBM Plex Sans');
    });
  });

  it('draws every figure of an interactive page as a chart, which the check boxes of many systems hide and show', async () => {
    await visit('interactive', 1280, async ({ page, messages }) => {
      await page.waitForSelector('#figure-6b .drawn canvas.chart');
      expect(await page.locator('.drawn canvas.chart').count()).toBe(3);
      const chart = 'Chart.getChart(document.querySelector("#figure-6b canvas"))';
      const shown = `${chart}.isDatasetVisible(0)`;
      expect(await page.evaluate(shown)).toBe(true);
      await page.locator('details.systems summary').press('Enter');
      const label = await page.evaluate<string>(`${chart}.data.datasets[0].label`);
      const first = page.getByRole('checkbox', { name: label, exact: true });
      await first.focus();
      await page.keyboard.press('Space');
      expect([await first.isChecked(), await page.evaluate(shown)]).toEqual([false, false]);
      await page.getByRole('button', { name: 'Logarithmic axis' }).last().click();
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('#figure-6b canvas').isVisible()).toBe(false);
      expect((await page.locator('#figure-6b svg.figure').first().boundingBox())?.width).toBeGreaterThan(500);
      await page.emulateMedia({ media: null });
      expect(messages).toEqual([]);
    });
  });

  it('lines up the digits of a column', async () => {
    await visit('measured', 1280, async ({ page }) => {
      // All digits as wide as each other: eleven ones measure as much as eleven eights.
      const widths = await page.evaluate<number[]>(`['1', '8', '0'].map((digit) => {
        const probe = document.createElement('span');
        probe.textContent = digit.repeat(11);
        document.querySelector('.main').append(probe);
        const { width } = probe.getBoundingClientRect();
        probe.remove();
        return Math.round(width * 100);
      })`);
      expect(new Set(widths).size).toBe(1);
    });
  });

  it('keeps enough contrast in light and in dark', async () => {
    for (const [colorScheme, name] of [
      ['light', 'troubled'],
      ['dark', 'troubled'],
      ['dark', 'figures'],
    ] as const) {
      await visit(name, 1280, async ({ page }) => {
        await page.emulateMedia({ colorScheme });
        const worst = await page.evaluate<{ ratio: number; text: string }>(CONTRAST);
        await page.emulateMedia({ colorScheme: null });
        expect(worst.ratio, `${colorScheme}: ${worst.text}`).toBeGreaterThanOrEqual(4.5);
      });
    }
  });

  it('keeps every text of a figure inside its drawing', async () => {
    for (const name of ['figures', 'paper']) {
      await visit(name, 1280, async ({ page }) => {
        await page.evaluate('document.fonts.ready');
        const outside = await page.evaluate<
          string[]
        >(`[...document.querySelectorAll('svg.figure text')].filter((text) => {
          const [own, whole] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
          return own.left < whole.left - 1 || own.right > whole.right + 1 || own.bottom > whole.bottom + 1;
        }).map((text) => text.textContent)`);
        expect(outside).toEqual([]);
      });
    }
  });
});

/** The least contrast between any text and its background, by the formula of WCAG 2.1. */
const CONTRAST = `(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const backgroundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  let worst = { ratio: 99, text: '' };
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join('');
    if (text === '' || element.closest('svg')) continue;
    const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(backgroundOf(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst.ratio) worst = { ratio, text: element.className + ': ' + text.slice(0, 60) };
  }
  return worst;
})()`;
