import type { Reading } from '../../harness/types.js';
import type { Line } from '../parsing.js';
import type { Figure } from './labels.js';
import type { Name } from './metrics.js';
import { scan } from './scan.js';

/** First line of a results file, `results/<os>/<host>.N`: `[lmbench3.0 results for Linux host 6.1 ...]`. */
export const RESULTS_HEADING = /^\[lmbench(\d{1,2}\.[\w.-]{1,20}) results for (.{0,1000})$/;

/** One list of lines for each results file: several may have been put into one. */
export function splitResults(lines: readonly Line[]): Line[][] {
  const parts: Line[][] = [];
  for (const line of lines) {
    if (RESULTS_HEADING.test(line.text)) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
}

/** Properties in the file that help to judge its numbers, under the names that its script uses. */
const FIELDS: Readonly<Record<string, string>> = {
  LMBENCH_VER: 'version',
  'LMBENCH VERSION': 'version',
  HOSTNAME: 'host',
  NODENAME: 'node',
  OS: 'platform',
  MHZ: 'clock',
  MB: 'memory (MB used)',
  PROCESSORS: 'processors',
  SYNC_MAX: 'copies at once',
  LMBENCH_SCHED: 'placement',
  ENOUGH: 'ENOUGH (us)',
  TIMING_O: 'TIMING_O',
  LOOP_O: 'LOOP_O',
  FILE: 'file',
};

export function readResultsFile(lines: readonly Line[]): {
  source: Record<string, string>;
  readings: Reading<Name>[];
} {
  const [, version = '', system = ''] = RESULTS_HEADING.exec(lines[0]?.text ?? '') ?? [];
  const program = `lmbench ${version}`;
  const source: Record<string, string> = { program, system: plain(system.replace(/\]$/, '')) };
  for (const { text } of lines) {
    const [, name = '', value = ''] = /^\[([A-Z_ ]{1,30}): (.{1,300})\]$/.exec(text) ?? [];
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field !== undefined && value.trim() !== '') source[field] ??= plain(value);
    const date = /^\[((?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) .{10,60})\]$/.exec(text)?.[1];
    if (date !== undefined) source['date'] ??= plain(date);
  }
  const { figures } = scan(lines.slice(1));
  return { source, readings: figures.map((figure) => readingOf(figure, program)) };
}

export function readingOf(figure: Figure, tool: string): Reading<Name> {
  const { metric, line } = figure;
  if ('problem' in figure) return { metric, missing: figure.problem, at: line.at };
  return { metric, value: figure.value, resolution: figure.resolution, at: line.at, tool };
}

/** Hostile text that reports print. */
function plain(text: string): string {
  return text.replace(/\p{C}/gu, '?').trim();
}
