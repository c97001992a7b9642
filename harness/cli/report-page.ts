import { gzipSync } from 'node:zlib';
import type { ExportOptions, RequestedBaseline } from '../../reports/index.js';
import { BenchError } from '../errors.js';
import type { LoadedRun } from '../types.js';
import type { Embed } from './embeddings.js';
import { shellWords } from './shell-words.js';

/** Options of `bench report` that are about the document. */
interface PageOptions {
  readonly format: string;
  readonly exhibit: readonly string[];
  readonly baseline: readonly RequestedBaseline[];
  readonly withEmulated?: boolean;
  readonly rules?: string;
  readonly noise?: string;
  readonly redact?: boolean;
  readonly embed?: Embed;
  readonly interactive?: boolean;
  readonly publishedOnly?: boolean;
}

/** Throws a `BenchError` of stage `config` where raw files cannot be in the report. */
export function checkEmbed({ embed = 'none', format, redact }: PageOptions): void {
  if (embed === 'none') return;
  if (format !== 'html') {
    throw new BenchError({ stage: 'config', message: '--embed needs --format html', found: format });
  }
  if (redact !== true) return;
  const hint = 'leave out one of them';
  throw new BenchError({ stage: 'config', message: 'raw files cannot be redacted: --embed and --redact', hint });
}

/** The raw files of these runs, for the page; undefined for none. */
export function rawEmbedding(embed: Embed = 'none', runs: readonly LoadedRun[]): ExportOptions['raw'] {
  if (embed === 'none') return undefined;
  const byId = new Map(runs.map((run) => [run.id, run.raw]));
  return {
    what: embed,
    read: (run, path) => byId.get(run)?.get(path),
    gzip: (bytes) => gzipSync(bytes, { level: 9 }),
  };
}

function baselineText({ target, baseline }: RequestedBaseline): string {
  return target === undefined ? baseline : `${target}=${baseline}`;
}

/** The command that makes the same report again, with the runs by name. */
export function reportCommand(options: PageOptions, runs: readonly LoadedRun[]): string {
  const { format, exhibit, baseline, withEmulated, noise, redact, embed = 'none' } = options;
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return shellWords([
    ...['bench', 'report', ...(options.publishedOnly === true ? ['--published-only'] : runs.map(({ id }) => id))],
    ...(format === 'html' ? [] : ['--format', format]),
    ...exhibit.flatMap((id) => ['--exhibit', id]),
    ...baseline.flatMap((one) => ['--baseline', baselineText(one)]),
    ...option('--noise', noise),
    ...option('--rules', options.rules),
    ...(withEmulated === true ? ['--with-emulated'] : []),
    ...(redact === true ? ['--redact'] : []),
    ...(options.interactive === true ? ['--interactive'] : []),
    ...(embed === 'none' ? [] : ['--embed', embed]),
  ]);
}
