import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  buildReport,
  loadAssets,
  readRules,
  renderCsv,
  renderHtml,
  renderJson,
  renderMarkdown,
  renderTerminal,
  writeReport,
  type DifferenceRule,
  type Report,
} from '../../reports/index.js';
import { BenchError, EXIT } from '../errors.js';
import type { LoadedRun } from '../types.js';
import type { CommonOptions, Context } from './context.js';
import { noiseFor, withoutNoise } from './noise-run.js';
import { allSuites, allWorkloads, exhibits } from './registries.js';
import { loadRuns } from './runs.js';
import { byId, unknown } from './select.js';

type Format = 'html' | 'md' | 'csv' | 'json' | 'text';

export interface ReportOptions extends CommonOptions {
  readonly format: Format;
  readonly exhibit: readonly string[];
  readonly baseline?: string;
  readonly withEmulated?: boolean;
  readonly rules?: string;
  /** A noise run. */
  readonly noise?: string;
  readonly out?: string;
}

/** `bench report`: renders runs. Prints the path of the file, or the document itself. */
export async function report({ printer, process }: Context, options: ReportOptions, names: string[]): Promise<number> {
  for (const id of options.exhibit) byId('exhibit', id, exhibits);
  const named = await loadRuns(options.runsDir, names);
  const runs = names.length === 0 ? withoutNoise(named) : named;
  for (const { id, damage } of runs) for (const what of damage) printer.line(`run ${id}: ${what}`, 'bad');
  const { baseline } = options;
  checkBaseline(baseline, runs);
  const rules = options.rules === undefined ? [] : await rulesIn(options.rules);
  const noise = await noiseFor(options.runsDir, options.noise, runs, baseline);
  const document = buildReport(runs, {
    suites: allSuites,
    workloads: allWorkloads,
    withEmulated: options.withEmulated ?? false,
    rules,
    ...(noise === undefined ? {} : { noise }),
    ...(options.exhibit.length === 0 ? {} : { exhibits: options.exhibit }),
    ...(baseline === undefined ? {} : { baseline }),
  });
  const path = outputPath(options);
  const text = await render(document, options.format, {
    linkBase: linkBase(path === undefined ? '.' : dirname(path), options.runsDir),
    width: process.stdout.isTTY ? process.stdout.columns : 120,
  });
  if (path === undefined) {
    printer.out(text);
    return EXIT.done;
  }
  await writeReport(path, text).catch((error: unknown) => {
    const message = `cannot write the report: ${error instanceof Error ? error.message : String(error)}`;
    throw new BenchError({ stage: 'config', message }, { cause: error });
  });
  printer.out(`${path}\n`);
  return EXIT.done;
}

/** The rules for differences in a file. */
async function rulesIn(path: string): Promise<readonly DifferenceRule[]> {
  try {
    return readRules(await readFile(path, 'utf8'));
  } catch (error) {
    const message = `cannot use the rules in ${path}: ${error instanceof Error ? error.message : String(error)}`;
    throw new BenchError({ stage: 'config', message }, { cause: error });
  }
}

function checkBaseline(baseline: string | undefined, runs: readonly LoadedRun[]): void {
  const targets = runs.flatMap((run) => run.stored.plan.targets.map(({ id }) => id));
  if (baseline === undefined || targets.includes(baseline)) return;
  throw unknown('target', baseline, [...new Set(targets)]);
}

/** Undefined for stdout, which is the default of every format but HTML. */
function outputPath({ out, format, runsDir }: ReportOptions): string | undefined {
  if (out === '-') return undefined;
  if (out !== undefined) return resolve(out);
  return format === 'html' ? resolve(join(runsDir, 'report.html')) : undefined;
}

/** The folder of the runs, relative to the folder of the report, for links. */
function linkBase(from: string, runsDir: string): string {
  const path = relative(resolve(from), resolve(runsDir));
  return path === '' ? '.' : path.split(sep).map(encodeURIComponent).join('/');
}

async function render(
  document: Report,
  format: Format,
  options: { readonly linkBase: string; readonly width: number },
): Promise<string> {
  switch (format) {
    case 'html':
      return renderHtml(document, await loadAssets(), options);
    case 'md':
      return renderMarkdown(document);
    case 'csv':
      return renderCsv(document);
    case 'json':
      return renderJson(document);
    case 'text':
      return renderTerminal(document, options);
  }
}
