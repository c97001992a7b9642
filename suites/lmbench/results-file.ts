import type { Finding, Reading } from '../../harness/types.js';
import { quote, type Line } from '../parsing.js';
import type { Figure } from './labels.js';
import type { Name } from './metrics.js';
import { isRow } from './sections.js';
import { scan, type Scan } from './scan.js';

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

const DATE = /^\[((?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) .{10,60})\]$/;

/** `ended`: whether the last of these lines has its line end. `cutAt` is the last line of a file without its closing date. */
export function readResultsFile(
  whole: readonly Line[],
  ended: boolean,
): {
  readonly source: Record<string, string>;
  readonly readings: Reading<Name>[];
  readonly findings: Finding[];
  readonly cutAt: Line | undefined;
} {
  const last = whole.findLast(({ text }) => text.trim() !== '');
  // A bare number at the end may have lost digits.
  const lines = !ended && last !== undefined && isRow(last) ? whole.slice(0, whole.indexOf(last)) : whole;
  const dates = whole.filter(({ text }) => DATE.test(text));
  const cutAt = dates.length > 1 && dates.at(-1) === last ? undefined : last;
  const [, version = '', system = ''] = RESULTS_HEADING.exec(lines[0]?.text ?? '') ?? [];
  const program = `lmbench ${version}`;
  const source: Record<string, string> = { program, system: plain(system.replace(/\]$/, '')) };
  for (const { text } of lines) {
    const [, name = '', value = ''] = /^\[([A-Z_ ]{1,30}): (.{1,300})\]$/.exec(text) ?? [];
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field !== undefined && value.trim() !== '') source[field] ??= plain(value);
    const date = DATE.exec(text)?.[1];
    if (date !== undefined) source['date'] ??= plain(date);
  }
  const found = scan(lines.slice(1));
  return {
    source,
    readings: found.figures.map((figure) => readingOf(figure, program)),
    findings: [...cutFinding(cutAt), ...unreadFinding(found)],
    cutAt,
  };
}

function cutFinding(cutAt: Line | undefined): Finding[] {
  if (cutAt === undefined) return [];
  return [
    {
      check: 'end of the results file',
      expected: 'its closing date',
      found: `cut at line ${cutAt.at.line}: ${quote(cutAt.text)}`,
      verdict: 'differs',
      hint: 'what lmbench prints after this line is missing',
    },
  ];
}

const RESULT = /: *[-\d.a-z]+ (?:(?:micro|nano|milli)?sec(?:ond)?s|usecs|[KM]B\/sec)$/i;

/** Rows with a number that are no metric of the suite, or whose meaning is not known: at most five, and how many. */
function unreadFinding({ orphans, unknown }: Scan): Finding[] {
  const rows = [...orphans, ...unknown.filter(({ text }) => RESULT.test(text))];
  if (rows.length === 0) return [];
  const shown = rows.slice(0, 5).map(({ text, at }) => `line ${at.line}: ${quote(text)}`);
  const more = rows.length > shown.length ? `, and ${rows.length - shown.length} more` : '';
  return [
    {
      check: 'rows of the results file',
      expected: 'rows that this version reads',
      found: `${shown.join(', ')}${more}`,
      verdict: 'differs',
      hint: 'these rows are not read',
    },
  ];
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
