import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import type { Report } from '../../model/document.js';
import type { Assets, ExportOptions } from '../exporter.js';
import { configurationView } from './view-configuration.js';
import { differencesView } from '../view/differences.js';
import { figureView } from './view-figure.js';
import { headView } from './view-head.js';
import { figureData } from './view-interactive.js';
import { noiseView } from './view-noise.js';
import { orderView } from './view-order.js';
import { platformsView } from './view-platforms.js';
import { provenanceView } from './view-provenance.js';
import { simultaneityView } from './view-simultaneous.js';
import { tableView } from './view-table.js';
import { trialsView } from './view-trials.js';

/**
 * One self-contained page: style and fonts inside, no request, and no script unless one is passed, which draws the figures
 * again. The content security policy allows exactly this style sheet and script (by their hashes) and fonts from the page.
 */
export function renderHtml(
  report: Report,
  assets: Assets,
  options: Pick<ExportOptions, 'linkBase' | 'script'>,
): string {
  const engine = Handlebars.create();
  for (const [name, source] of Object.entries(assets.templates)) engine.registerPartial(name, source);
  const page = engine.compile(assets.templates['report'] ?? '', { strict: true });
  const style = `${fontFaces(assets)}${assets.css}`;
  const { script = '' } = options;
  const scripts = script === '' ? '' : ` script-src 'sha256-${hashOf(script)}';`;
  const views = report.exhibits.map((exhibit) =>
    exhibit.kind === 'figure' ? figureView(exhibit, report) : tableView(exhibit, report),
  );
  return page({
    policy:
      `default-src 'none'; style-src 'sha256-${hashOf(style)}';${scripts} font-src data:; img-src data:; ` +
      "base-uri 'none'; form-action 'none'",
    // Not escaped: the hash in the policy is of these bytes.
    style: new engine.SafeString(style),
    interactive:
      script === '' ? null : { script: new engine.SafeString(script), data: new engine.SafeString(figureData(report)) },
    ...headView(report),
    exhibits: views.filter((view) => view['role'] === 'exhibit'),
    suites: views.filter((view) => view['role'] === 'suite'),
    simultaneity: simultaneityView(report),
    order: orderView(report),
    noise: noiseView(report),
    configuration: {
      ...configurationView(report),
      platforms: platformsView(report),
      differences: differencesView(report),
    },
    trials: trialsView(report, options.linkBase),
    provenance: provenanceView(report),
  });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function fontFaces(assets: Assets): string {
  return assets.fonts
    .map(
      ({ family, weight, data }) =>
        `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:block;` +
        `src:url(data:font/woff2;base64,${data}) format("woff2")}\n`,
    )
    .join('');
}
