import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount } from '../foreign-size.js';
import { ParseError, quote } from '../parsing.js';
import type { OsdbMetric } from './metrics.js';
import { readPgbenchReport, type PgbenchReport } from './pgbench-report.js';
import { sizes } from './sizes.js';

/** What pgbench calls its own scripts, which use other tables, and several at once; of all releases. */
const OTHER_SCRIPT = /^(<builtin|tpc-b|simple update|select only|update only|multiple scripts)/i;

/**
 * Pure: outputs of pgbench that were measured elsewhere with a script of information retrieval, one trial a file. That
 * the script reads one row of AS3AP's `updates` cannot be seen in them and is taken on trust. Throws an `Error` that names
 * the file otherwise.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<OsdbMetric>[] {
  return files.map((file) => {
    const report = readReport(file);
    if (OTHER_SCRIPT.test(report.script)) {
      throw new Error(
        `${file.file}:${report.scriptAt.line}: expected a script of information retrieval, found ${quote(report.script)}`,
      );
    }
    return {
      source: { program: 'pgbench', ...report.about },
      files: [file.file],
      readings: [{ metric: 'rows-per-second', ...report.rate, at: report.rateAt, tool: 'pgbench' }],
      contradicts: contradictionsOf(sizes, ({ users }) => otherCount('clients', users, report.clients)),
    };
  });
}

function readReport(file: RawText): PgbenchReport {
  try {
    return readPgbenchReport(file);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new Error(`${file.file}${error.at === undefined ? '' : `:${error.at.line}`}: ${error.message}`, {
      cause: error,
    });
  }
}
