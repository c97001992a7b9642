import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount, statedSize } from '../foreign-size.js';
import { ParseError, quote } from '../parsing.js';
import { readForeign } from '../trial-steps.js';
import { readingsOf, refuseOtherProgress, yieldsOf, type DbenchMetric } from './parse.js';
import { readReport } from './report.js';
import { sizes } from './sizes.js';

/** Debian's load file, and the one that other packages and releases before 4 have. */
const LOAD = /(?:^|\/)client(?:_plain)?\.txt$/;

/**
 * Pure: outputs of dbench with one client that were measured elsewhere, a trial a file. The name of a load file shows
 * the first 90,000 operations (`90k`, `90000`) from any other load, which counts as the whole one.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<DbenchMetric>[] {
  return files.map((file) => readForeign(file, 'dbench', () => readFile(file)));
}

function readFile(file: RawText): ForeignTrial<DbenchMetric> {
  const report = readReport(file);
  const { asked, clients, sync, throughputAt } = report;
  if (clients !== 1) throw new ParseError(`expected the output of one client, found ${clients}`, throughputAt);
  if (sync !== '') throw new ParseError(`expected no synchronous writing, found ${quote(sync)}`, throughputAt);
  if (asked === undefined) {
    throw new ParseError(
      `expected the line "Running for ... seconds with load '...'", which names the load, found none`,
      throughputAt,
    );
  }
  const { load, seconds } = asked;
  if (report.seconds !== undefined) refuseOtherProgress(report.seconds, seconds, report);
  const version = /^dbench version (\d[\w.]{0,20})/m.exec(file.text)?.[1];
  const name = /90(?:k|000)/i.test(load) ? 'first-90000' : 'whole-load';
  const other =
    name === 'whole-load' && !LOAD.test(load) ? `expected the load client.txt, found ${quote(load)}` : undefined;
  return {
    source: {
      program: 'dbench',
      ...(version === undefined ? {} : { version }),
      load,
      seconds: String(seconds),
    },
    files: [file.file],
    readings: readingsOf(report, yieldsOf[name]),
    contradicts: contradictionsOf(sizes, (size) => other ?? otherCount('seconds', size[name], seconds)),
    ...statedSize(`load ${load.slice(load.lastIndexOf('/') + 1)}, ${seconds} s`, asked.at),
  };
}
