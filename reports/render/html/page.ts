import Handlebars from 'handlebars';
import type { Exhibit, Report } from '../../model/document.js';
import type { Assets, ExportOptions } from '../exporter.js';
import { plainLine } from '../../narrative/format.js';
import { rawExcerpts } from './raw-excerpts.js';
import type { PageContext } from './page-context.js';
import { systemsShown } from './systems-shown.js';
import { trialLinks } from './trial-links.js';
import { classesView } from './view-classes.js';
import { configurationView } from './view-configuration.js';
import { differencesView } from '../view/differences.js';
import { figureView } from './view-figure.js';
import { headView } from './view-head.js';
import { figureData } from './view-interactive.js';
import { frameOf } from './frame.js';
import { noiseView } from './view-noise.js';
import { orderView } from './view-order.js';
import { paperView } from './view-paper.js';
import { platformsView } from './view-platforms.js';
import { provenanceView } from './view-provenance.js';
import { simultaneityView } from './view-simultaneous.js';
import { scatterView } from './view-scatter.js';
import { tableView } from './view-table.js';
import { trialsView } from './view-trials.js';

type PageOptions = Pick<ExportOptions, 'linkBase' | 'version' | 'command' | 'raw' | 'script' | 'shared'>;

/** Up to this many raw files are open when the page opens. */
const OPEN_UP_TO = 12;

const compiled = new WeakMap<Assets, Handlebars.TemplateDelegate>();

/** The template of the page. It is compiled once for the same assets: that takes longer than to fill it. */
function compiledPage(assets: Assets): Handlebars.TemplateDelegate {
  const known = compiled.get(assets);
  if (known !== undefined) return known;
  const engine = Handlebars.create();
  for (const [name, source] of Object.entries(assets.templates)) engine.registerPartial(name, source);
  const page = engine.compile(assets.templates['report'] ?? '', { strict: true });
  compiled.set(assets, page);
  return page;
}

/**
 * One self-contained page: style and fonts inside, no request, and no script unless one is passed, which draws the figures
 * again. The content security policy allows exactly this style sheet and script (by their hashes) and fonts from the page.
 */
export function renderHtml(report: Report, assets: Assets, options: PageOptions): string {
  const page = compiledPage(assets);
  const { script = '' } = options;
  const links = trialLinks(report);
  const shown = systemsShown(report);
  const raw = options.raw === undefined ? undefined : rawExcerpts(report, options.raw);
  const views = (report.publishedOnly ? [] : report.exhibits).map((exhibit) =>
    viewOf(exhibit, report, { links, shown }),
  );
  return page({
    ...frameOf(assets, script, shown.css, options.shared),
    home: options.shared?.home ?? '',
    boxes: shown.boxes,
    interactive:
      script === ''
        ? null
        : { script: new Handlebars.SafeString(script), data: new Handlebars.SafeString(figureData(report, shown)) },
    ...headView(report),
    exhibits: views.filter((view) => view['role'] === 'exhibit'),
    suites: views.filter((view) => view['role'] === 'suite'),
    classes: classesView(report),
    simultaneity: simultaneityView(report),
    order: orderView(report),
    noise: noiseView(report),
    configuration: {
      ...configurationView(report),
      platforms: platformsView(report),
      differences: differencesView(report),
    },
    trials: trialsView(report, { linkBase: options.linkBase, links, raw }),
    raw: raw && { ...raw, open: raw.files.length <= OPEN_UP_TO },
    paper: paperView(report),
    publishedOnly: report.publishedOnly,
    reproduce: reproduceView(report, options),
    provenance: provenanceView(report),
  });
}

function viewOf(exhibit: Exhibit, report: Report, page: PageContext): Record<string, unknown> {
  if (exhibit.kind === 'scatter') return { ...scatterView(exhibit, page), isScatter: true, isFigure: false };
  const view = exhibit.kind === 'figure' ? figureView(exhibit, report, page) : tableView(exhibit, report, page);
  return { ...view, isScatter: false };
}

function reproduceView({ provenance }: Report, { version = '', command = '', raw }: PageOptions): object {
  return {
    version,
    command: plainLine(command),
    embedded: raw !== undefined,
    runs: provenance.runs.map(({ run, profile, seed, planHash, bench }) => ({
      run: plainLine(run),
      profile,
      seed,
      planHash: plainLine(planHash),
      bench: bench === null ? '' : plainLine(bench),
    })),
  };
}
