import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  buildReport,
  loadAssets,
  loadScript,
  makeRedactor,
  readRules,
  type DifferenceRule,
  writeFigures,
  FigureError,
  type Exporter,
  type FigureFormat,
  type FormatId,
  type Redactor,
  type Report,
  type RequestedBaseline,
} from '../../reports/index.js';
import { BenchError, EXIT, foundInstead } from '../errors.js';
import type { LoadedRun } from '../types.js';
import type { CommonOptions, Context } from './context.js';
import { checkOneFormat, documentWidth, writeDocument } from './document.js';
import { identifyingLines } from './identifying.js';
import type { Printer } from './printer.js';
import type { Embed } from './embeddings.js';
import { noiseFor, withoutNoise } from './noise-run.js';
import { benchmarks, checkPublishedOnly, paperAlone } from './report-paper.js';
import { checkEmbed, rawEmbedding, reportCommand } from './report-page.js';
import { exhibits, exporters } from './registries.js';
import { loadRuns, warnOfDamage } from './runs.js';
import { byId, unknown } from './select.js';
import { version } from '../version.js';

export interface ReportOptions extends CommonOptions {
  readonly format: FormatId;
  /** Implies the format `json`. */
  readonly json?: boolean;
  readonly exhibit: readonly string[];
  readonly baseline: readonly RequestedBaseline[];
  /** What the paper states, without any run. */
  readonly publishedOnly?: boolean;
  readonly withEmulated?: boolean;
  readonly rules?: string;
  /** A noise run. */
  readonly noise?: string;
  readonly out?: string;
  /** Draws the figures of the page with Chart.js. */
  readonly interactive?: boolean;
  /** Folder for the figures as files, in these formats and sizes. */
  readonly figures?: string;
  readonly figureFormat: readonly FigureFormat[];
  /** Millimetres. */
  readonly width: number;
  readonly dpi: number;
  /** Replaces what identifies machines and people. */
  readonly redact?: boolean;
  /** Raw files in the page. */
  readonly embed?: Embed;
}

/** `bench report`: renders runs. Prints the path of the file, or the document itself. */
export async function report({ printer, process }: Context, options: ReportOptions, names: string[]): Promise<number> {
  checkOneFormat('report', options);
  if (options.interactive === true && options.format !== 'html') {
    const found = `--interactive and --format ${options.format}`;
    throw new BenchError({ stage: 'config', message: 'only a page is interactive', expected: '--format html', found });
  }
  checkEmbed(options);
  checkPublishedOnly(options, names);
  for (const id of options.exhibit) byId('exhibit', id, exhibits);
  const warn = (line: string): void => printer.line(line, 'bad');
  const { runs, built, redactor } =
    options.publishedOnly === true ? await paperAlone(options) : await measuredReport(options, names, warn);
  const document = redactor?.report(built) ?? built;
  const exporter = byId('format', options.format, exporters);
  const path = outputPath(options, exporter);
  const raw = rawEmbedding(options.embed, runs);
  const text = await exporter.render(document, {
    version: version(),
    command: reportCommand(options, runs),
    ...(raw === undefined ? {} : { raw }),
    assets: loadAssets,
    linkBase: linkBase(path === undefined ? '.' : dirname(path), options.runsDir),
    ...(options.interactive === true ? { script: await loadScript() } : {}),
    width: documentWidth(process),
  });
  if (path === undefined) printer.out(text);
  else {
    await writeDocument('report', path, text);
    printer.out(`${path}\n`);
    if (redactor === undefined && options.publishedOnly !== true)
      warnOfNames(printer, identifyingLines(runs, built, options.verbose));
  }
  // Beside a report on stdout, paths would be part of it.
  for (const figure of await figureFiles(document, options)) {
    if (path === undefined) printer.line(figure, 'quiet');
    else printer.out(`${figure}\n`);
  }
  return EXIT.done;
}

interface Built {
  readonly runs: readonly LoadedRun[];
  readonly built: Report;
  readonly redactor: Redactor | undefined;
}

/** The report of these runs, and what redacts it. */
async function measuredReport(
  options: ReportOptions,
  names: readonly string[],
  warn: (line: string) => void,
): Promise<Built> {
  const named = await loadRuns(options.runsDir, names, warn);
  const runs = names.length === 0 ? withoutNoise(named) : named;
  warnOfDamage(runs, warn);
  const { baseline } = options;
  checkBaselines(baseline, runs);
  const rules = options.rules === undefined ? [] : await rulesIn(options.rules);
  const noise = await noiseFor(options.runsDir, options.noise, runs, mainBaseline(options));
  const redactor =
    options.redact === true ? makeRedactor(noise === undefined ? runs : [...runs, noise.run]) : undefined;
  const shown = redactor === undefined ? runs : runs.map((run) => redactor.run(run));
  const built = buildReport(shown, {
    ...benchmarks,
    withEmulated: options.withEmulated ?? false,
    rules,
    ...(noise === undefined ? {} : { noise: { ...noise, run: redactor?.run(noise.run) ?? noise.run } }),
    ...(options.exhibit.length === 0 ? {} : { exhibits: options.exhibit }),
    baselines: baseline,
  });
  return { runs, built, redactor };
}

/** Before the report is published: what it has of machines and people. */
function warnOfNames(printer: Printer, lines: readonly string[]): void {
  if (lines.length === 0) return;
  printer.line('the report identifies machines and people; --redact replaces this before it is published:');
  for (const line of lines) printer.line(`  ${line}`);
}

/** Writes the figures of a report, if they are requested; returns their paths. */
async function figureFiles(document: Report, options: ReportOptions): Promise<readonly string[]> {
  if (options.figures === undefined) return [];
  const { figures, figureFormat: formats, width: widthMm, dpi } = options;
  const folder = resolve(figures);
  try {
    return await writeFigures(document, await loadAssets(), { folder, formats, widthMm, dpi });
  } catch (error) {
    const hint = 'install again without --omit=optional, or use --figure-format svg';
    if (error instanceof FigureError) {
      const message = 'cannot draw PNG or PDF: the canvas (@napi-rs/canvas) does not load on this system';
      throw new BenchError({ stage: 'config', message, found: error.message, hint }, { cause: error });
    }
    const message = `cannot write figures to ${folder}`;
    throw new BenchError({ stage: 'config', message, found: foundInstead(error) }, { cause: error });
  }
}

/** The rules for differences in a file. */
export async function rulesIn(path: string): Promise<readonly DifferenceRule[]> {
  try {
    return readRules(await readFile(path, 'utf8'));
  } catch (error) {
    const message = `cannot use the rules in ${path}`;
    throw new BenchError({ stage: 'config', message, found: foundInstead(error) }, { cause: error });
  }
}

function mainBaseline({ baseline }: Pick<ReportOptions, 'baseline'>): string | undefined {
  return baseline.find(({ target }) => target === undefined)?.baseline;
}

/** Throws a `BenchError` of stage `config` for a name that is no target of these runs. */
export function checkBaselines(baselines: readonly RequestedBaseline[], runs: readonly LoadedRun[]): void {
  const targets = [...new Set(runs.flatMap((run) => run.stored.plan.targets.map(({ id }) => id)))];
  for (const { baseline, target = baseline } of baselines) {
    for (const name of [target, baseline]) if (!targets.includes(name)) throw unknown('target', name, targets);
  }
}

/** The file that the report is written to; undefined for stdout. */
function outputPath(
  { out, runsDir, publishedOnly }: ReportOptions,
  { output, extension }: Exporter,
): string | undefined {
  if (out === '-') return undefined;
  if (out !== undefined) return resolve(out);
  const name = publishedOnly === true ? 'paper' : 'report';
  return output === 'file' ? resolve(join(runsDir, `${name}.${extension}`)) : undefined;
}

/** The folder of the runs, relative to the folder of the report, for links. */
export function linkBase(from: string, runsDir: string): string {
  const path = relative(resolve(from), resolve(runsDir));
  return path === '' ? '.' : path.split(sep).map(encodeURIComponent).join('/');
}
