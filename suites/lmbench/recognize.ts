import type { ForeignTrial, RawText, Reading } from '../../harness/types.js';
import { linesOf, refuseUnended, type Line } from '../parsing.js';
import { readForeign } from '../trial-steps.js';
import { foreignFile, type ForeignFile } from './foreign-file.js';
import type { Name } from './metrics.js';
import { shownNames } from './metrics.js';
import { readResultsFile, RESULTS_HEADING, splitResults } from './results-file.js';
import { isRow } from './sections.js';

/**
 * Pure: output of lmbench that was measured elsewhere. Each results file, or each of several in one file, is a trial;
 * outputs of single tools are put together into as few trials as their metrics allow, the k-th occurrence of a metric
 * into the k-th. Throws an `Error` that names the file if it is not lmbench's or does not name what it measured.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<Name>[] {
  const whole: ForeignTrial<Name>[] = [];
  const single: ForeignFile[] = [];
  for (const file of files) {
    const lines = linesOf(file);
    if (lines.some(({ text }) => RESULTS_HEADING.test(text))) {
      const parts = splitResults(lines);
      for (const part of parts) {
        whole.push(...trialsOfResults(part, file.file, part !== parts.at(-1) || file.text.endsWith('\n')));
      }
    } else {
      const last = lines.at(-1);
      if (last !== undefined && isRow(last)) readForeign(file, 'lmbench', () => refuseUnended(file, last));
      single.push(foreignFile(file.file, lines));
    }
  }
  // Each metric of lmbench names its size.
  return [...whole, ...combine(single)].map((trial) => ({
    ...trial,
    contradicts: { paper: undefined, quick: undefined },
  }));
}

/** A results file has one value a metric; where it has more (it was appended to) the later ones are further trials. */
function trialsOfResults(lines: readonly Line[], file: string, ended: boolean): ForeignTrial<Name>[] {
  const { source, readings, findings, cutAt } = readResultsFile(lines, ended);
  const trials = distribute([{ file, readings }]);
  if (trials.length === 0)
    throw new Error(
      `${file}:${lines[0]?.at.line ?? 1}: expected a row of results after the heading of lmbench, found none`,
    );
  return trials.map((trial) => ({
    source,
    files: [file],
    readings: [...trial.readings, ...absent(trial.readings, cutAt)],
    findings,
  }));
}

/** Rows of the paper that a whole results file does not have: lmbench leaves out what it could not measure. */
function absent(readings: readonly Reading<Name>[], cutAt: Line | undefined): Reading<Name>[] {
  const missing = `the results file has no such row${cutAt === undefined ? '' : `, and is cut at line ${cutAt.at.line}`}`;
  const present = new Set(readings.map(({ metric }) => metric));
  return shownNames.filter((metric) => !present.has(metric)).map((metric) => ({ metric, missing }));
}

function combine(files: readonly ForeignFile[]): ForeignTrial<Name>[] {
  const source = Object.assign(
    { program: 'lmbench, outputs of single tools' },
    ...files.map((file) => file.source),
  ) as Record<string, string>;
  const trials = distribute(files);
  if (trials.length === 0 && files.length > 0) {
    throw new Error(files.map(({ file }) => `${file}:1: expected a result of lmbench, found none`).join('; '));
  }
  return trials.map(({ files: names, readings }) => ({ source, files: names, readings }));
}

/** The k-th reading of a metric goes into the k-th trial. */
function distribute(
  files: readonly { readonly file: string; readonly readings: readonly Reading<Name>[] }[],
): { files: string[]; readings: Reading<Name>[] }[] {
  const trials: { files: string[]; readings: Reading<Name>[] }[] = [];
  const seen = new Map<Name, number>();
  for (const { file, readings } of files) {
    for (const reading of readings) {
      const occurrence = seen.get(reading.metric) ?? 0;
      seen.set(reading.metric, occurrence + 1);
      const trial = (trials[occurrence] ??= { files: [], readings: [] });
      trial.readings.push(reading);
      if (!trial.files.includes(file)) trial.files.push(file);
    }
  }
  return trials;
}
