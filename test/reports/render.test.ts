import { describe, expect, it, test } from 'vitest';
import {
  buildReport,
  loadAssets,
  renderHtml,
  renderMarkdown,
  renderTerminal,
  type Report,
} from '../../reports/index.js';
import type { DotPlot } from '../../reports/model/plot.js';
import { formatBytes, formatInstant, formatValue, plainLine, scaleFor } from '../../reports/narrative/format.js';
import { describePlot, renderDotPlot } from '../../reports/render/svg/dot-plot.js';
import { rawLink } from '../../reports/render/html/view-trials.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';
import { hostileReport } from './hostile.js';
import { troubledRuns } from './scenes.js';
import { pairAtScale, workloads } from './workload-scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';

const assets = await loadAssets();
const html = (report: Report): string => renderHtml(report, assets, { linkBase: '..' });
const measured = buildReport([demoRun()], { suites: [suite] });
const troubled = buildReport(troubledRuns(), { suites: [suite] });
const figures = buildReport([demoRun({ trials: 3, profile: 'quick' }), pairRun()], {
  suites: [suite, ...figureSuites],
});

describe('golden outputs (update with `npx vitest run -u`, and read the difference)', () => {
  test.each([
    ['measured', measured],
    ['troubled', troubled],
    ['figures', figures],
    ['paper', buildReport([paperRun()], { suites: figureSuites })],
    ['workloads', buildReport([pairAtScale()], { suites: [], workloads })],
  ])('%s', async (name, report) => {
    await expect(renderMarkdown(report)).toMatchFileSnapshot(`golden/${name}.md`);
    await expect(renderTerminal(report, { width: 100 })).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

describe('the page', () => {
  const page = html(troubled);

  it('asks the network for nothing and runs no script', () => {
    const addresses = [...page.matchAll(/(?:src|href|action|url)\s*[=(]\s*["']?([^"')\s>]+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(addresses.length).toBeGreaterThan(20);
    const outside = addresses.filter((address) => !/^(#|data:|\.\.\/)/.test(address));
    expect(outside).toEqual([]);
    expect(page).not.toMatch(/<script|<iframe|<img|\son\w+=|style=/i);
  });

  it('can be read without seeing it: captions, scopes, text alternatives, one level of headings after another', () => {
    expect(page).not.toMatch(/<th(?![^>]*scope=)[\s>]/);
    expect(page).toMatch(/<svg class="plot"[^>]*role="img"[^>]*aria-labelledby/);
    expect(page).toContain('<html lang="en">');
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('links every raw file below the runs folder', () => {
    expect(page).toContain('href="../run-troubled/raw/t0002.1.txt"');
    expect(page).toContain('href="../run-imported/raw/t0001.1/host.0"');
  });

  it('gives the reason wherever there is no number', () => {
    expect(page).toContain('steal time 4.2 %');
    expect(page).toContain('QEMU did not answer');
    expect(page).toContain('interrupted by the user');
    expect(page).toContain('lat_pagefault printed no such row');
    expect(page).toContain('its checksum differs');
    expect(page.replace(/<style>[^]*<\/style>/, '')).not.toMatch(/NaN|undefined|\[object/);
  });
});

describe('text from hosts', () => {
  const report = hostileReport();

  it('is text in the page, never markup, template or link', () => {
    const page = html(report);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/<[^>]*alert\(1\)(?![^<]*&gt;)[^>]*\son/);
    expect(page).toContain('{{title}}');
    expect(page).not.toMatch(/href="(?!#|data:,|\.\.\/)/);
    expect(page).not.toMatch(/href="[^"]*\/\.\.\/[^"]*passwd/);
    expect(page).not.toMatch(/[\u202e\u0007]/);
  });

  it('is text in Markdown, and breaks no table', () => {
    const markdown = renderMarkdown(report);
    expect(markdown).not.toMatch(/<script|[\u202e\u0007]/);
    for (const block of markdown.split('\n\n').filter((part) => part.startsWith('|'))) {
      const widths = new Set(block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length));
      expect(widths.size).toBe(1);
    }
  });

  it('moves no cursor and spoils no alignment in the terminal', () => {
    const text = renderTerminal(report, { width: 80 });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('never becomes a link out of the run', () => {
    expect(rawLink('..', 'run', 'raw/a b?.txt')).toBe('../run/raw/a%20b%3F.txt');
    for (const path of ['../x', 'raw/../../x', '/etc/passwd', 'raw//x', '.'])
      expect(rawLink('..', 'run', path)).toBe('');
    expect(rawLink('', 'run', 'raw/x')).toBe('./run/raw/x');
    expect(rawLink('..', 'run', 'raw/\ud800')).toBe('../run/raw/%EF%BF%BD');
  });
});

describe('the terminal table', () => {
  test.each([40, 60, 80, 120, 200])('fits %d columns where its widest column does', (width) => {
    const lines = renderTerminal(measured, { width }).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, 46));
  });

  it('has measured and published values side by side, in one block where there is room', () => {
    const line = renderTerminal(measured, { width: 150 })
      .split('\n')
      .find((text) => text.startsWith('fork process'));
    expect(line).toMatch(/\d \[\d.*–.*\].*\[.*86\.50 .*86\.90 \(1\.005\) .*271\.90 \(3\.143\)$/);
  });
});

describe('numbers', () => {
  test.each([
    ['us', [86.5], 86.5, '86.50 µs'],
    ['us', [1893.3, 1200], 1893.3, '1893 µs'],
    ['us', [0.1234], 0.1234, '0.1234 µs'],
    ['B/s', [4834.96e6], 4834.96e6, '4.835 GB/s'],
    ['B/s', [999], 999, '999.0 B/s'],
    ['percent', [-3.2], -3.2, '−3.200 %'],
    ['us', [], 5, '5.000 µs'],
    ['us', [0], 0, '0.000 µs'],
  ] as const)('%s %j', (unit, row, value, expected) => {
    const scale = scaleFor(unit, row);
    expect(`${formatValue(value, scale)} ${scale.label}`).toBe(expected);
  });

  it('sizes, instants and lines', () => {
    expect(formatBytes(512 * 2 ** 20)).toBe('512 MiB');
    expect(formatBytes(0)).toBe('0 bytes');
    expect(formatInstant('2026-11-21T07:05:09.000Z')).toBe('21 November 2026, 07:05 UTC');
    expect(formatInstant('yesterday')).toBe('yesterday');
    expect(plainLine('a\tb\nc\u001b[31m\u202e')).toBe('a b c\\u{1b}[31m\\u{202e}');
  });
});

describe('the plot', () => {
  const plotOf = (report: Report): DotPlot | null | undefined => {
    const [first] = report.exhibits;
    return first?.kind === 'table' ? first.plot : undefined;
  };
  const plot = plotOf(measured);
  it('describes in words what it shows', () => {
    if (plot === null || plot === undefined) throw new Error('no plot');
    expect(describePlot(plot)).toMatch(/fork process: lxc-up 1\.\d{3} \(.* to .*\), VServer-UP, published 1\.005/);
    expect(renderDotPlot(plot, 'x')).toContain('aria-labelledby="x-title x-text"');
  });

  it('names what is absent instead of leaving it out', () => {
    const absent = plotOf(troubled);
    if (absent === null || absent === undefined) throw new Error('no plot');
    expect(renderDotPlot(absent, 'x')).toMatch(/>kvm-up<\/text>(<\/g>)?<text class="absent start"[^>]*>failed</);
  });
});
