import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, loadAssets, renderHtml } from '../../reports/index.js';
import { figureSuites, paperRun } from '../reports/figure-scenes.js';
import { troubledRuns } from '../reports/scenes.js';
import { suite } from '../reports/suite.js';
import { demoRun } from '../reports/synthetic.js';

/** A picture of docs/pictures: a part of a rendered report. */
interface Picture {
  readonly name: string;
  readonly runs: () => readonly LoadedRun[];
  readonly selector: string;
  /** Pixels from its top; the whole of it when absent. */
  readonly height?: number;
  /** Of the window, in pixels. */
  readonly width?: number;
}

const PICTURES: readonly Picture[] = [
  { name: 'summary', runs: troubledRuns, selector: 'section:has(#summary)' },
  { name: 'table', runs: () => [demoRun()], selector: '#table-2', height: 412 },
  { name: 'holes', runs: troubledRuns, selector: '#table-2', height: 530, width: 1500 },
  { name: 'figure', runs: () => [paperRun()], selector: '#figure-6b', height: 860 },
  { name: 'claims', runs: () => [paperRun()], selector: '#claims', height: 544 },
];

/** Pixels at the left and right. */
const MARGIN = 16;

const CHROMIUM = '/usr/bin/chromium';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** Renders the pictures of the documents anew, from made-up runs; returns their names, none without a browser. */
export async function renderPictures(folder: string): Promise<readonly string[]> {
  if (!existsSync(CHROMIUM)) return [];
  mkdirSync(folder, { recursive: true });
  const assets = await loadAssets();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  try {
    const page = await browser.newPage();
    for (const picture of PICTURES) {
      await page.setViewportSize({ width: picture.width ?? 1000, height: 900 });
      const report = buildReport(picture.runs(), { suites: [suite, ...figureSuites] });
      await page.setContent(renderHtml(report, assets, { linkBase: '..' }));
      await capture(page, picture, join(folder, `${picture.name}.png`));
    }
  } finally {
    await browser.close();
  }
  return PICTURES.map(({ name }) => name);
}

async function capture(page: Page, { selector, height }: Picture, path: string): Promise<void> {
  const box = await page.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`the report has no ${selector}`);
  const clip = {
    ...box,
    x: box.x - MARGIN,
    width: box.width + 2 * MARGIN,
    height: Math.min(box.height, height ?? box.height),
  };
  await page.screenshot({ path, fullPage: true, clip });
}
