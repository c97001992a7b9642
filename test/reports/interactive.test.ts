import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { buildReport, loadAssets, loadScript, renderHtml, type Report } from '../../reports/index.js';
import type { FigureLayout } from '../../reports/render/figure/types.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';

interface Data {
  readonly id: string;
  readonly named: boolean;
  readonly layout: FigureLayout;
  readonly details: readonly (readonly (readonly string[])[])[];
}

const report = buildReport([paperRun()], { suites: figureSuites });

async function pageOf(of: Report): Promise<{ html: string; data: readonly Data[]; script: string }> {
  const script = await loadScript();
  const html = renderHtml(of, await loadAssets(), { linkBase: '..', script });
  const [, json = '[]'] = /<script type="application\/json" id="figure-data">([^<]*)<\/script>/.exec(html) ?? [];
  return { html, data: JSON.parse(json) as Data[], script };
}

describe('an interactive page', () => {
  it('allows its own script by hash and nothing else, and requests nothing', async () => {
    const { html, script } = await pageOf(report);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, own = ''] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    expect(own).toBe(script);
    const hash = createHash('sha256').update(own).digest('base64');
    expect(policy.replaceAll('&#x3D;', '=')).toContain(`default-src 'none'`.replaceAll("'", '&#x27;'));
    expect(policy.replaceAll('&#x3D;', '=')).toContain(`sha256-${hash}`);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html).not.toMatch(/<(link|script|img|iframe)[^>]* (src|href)="(?!data:)/);
  });

  it('has a script without imports, exports, source maps or the end of an element', async () => {
    const script = await loadScript();
    expect(script).not.toMatch(/^(import|export) |sourceMappingURL|<\/script|<!--/m);
    expect(() => new Script(script)).not.toThrow();
  });

  it('is the page without a script otherwise, and has every figure still as SVG', async () => {
    const { html } = await pageOf(report);
    const plain = renderHtml(report, await loadAssets(), { linkBase: '..' });
    expect(plain).not.toContain('<script');
    const figures = (text: string): number => text.match(/<svg class="plot figure"/g)?.length ?? 0;
    expect(figures(html)).toBe(figures(plain));
    // Each once more for phones; and those of what the paper states.
    expect(figures(html)).toBe(2 * 3 + 5);
  });

  it('states for each bar how many trials and which raw line are behind it', async () => {
    for (const runs of [paperRun(), pairRun()]) {
      const shown = buildReport([runs], { suites: figureSuites });
      const { data } = await pageOf(shown);
      expect(data.map(({ id }) => id)).toEqual(['figure-5', 'figure-6a', 'figure-6b']);
      for (const { layout, details } of data) {
        const lines = details.flat();
        expect(lines).toHaveLength(layout.panels.flatMap(({ bars }) => bars).length);
        for (const [n, file] of lines) {
          expect(n).toMatch(/^n = [35]$/);
          expect(file).toMatch(/^run-figures\/\S+, line \d+, and [24] more$/);
        }
      }
    }
  });

  it('has the trials of the metric that a bar shows, where another has the same value', async () => {
    const { data } = await pageOf(report);
    const files = data.find(({ id }) => id === 'figure-6b')?.details[0]?.map(([, file]) => file);
    expect(new Set(files).size).toBe(files?.length);
  });

  it('has no markup from a label, in the element or in the chart', async () => {
    const label = `</script><script>alert(1)</script>\u202e`;
    const hostile: Report = {
      ...report,
      exhibits: report.exhibits.map((exhibit) =>
        exhibit.kind === 'figure'
          ? { ...exhibit, figure: { ...exhibit.figure, title: label, groups: exhibit.figure.groups.map(() => label) } }
          : exhibit,
      ),
    };
    const { html, data } = await pageOf(hostile);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(data[0]?.layout.title).toContain('</script>');
    expect(JSON.stringify(data)).not.toContain('\u202e');
  });
});
