import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount, statedSize } from '../foreign-size.js';
import { ParseError, quote } from '../parsing.js';
import type { OsdbMetric } from './metrics.js';
import { readPgbenchReport, type PgbenchReport } from './pgbench-report.js';
import { readForeign } from '../trial-steps.js';
import { sizes } from './sizes.js';

/** What pgbench calls its own scripts, which use other tables, and several at once; of all releases. */
const OTHER_SCRIPT = /^(<builtin|tpc-b|simple update|select only|update only|multiple scripts)/i;

/**
 * Pure: outputs of pgbench that were measured elsewhere with a script of information retrieval, one trial a file. That
 * the script reads one row of AS3AP's `updates` cannot be seen in them and is taken on trust. Throws an `Error` that names
 * the file and line otherwise.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<OsdbMetric>[] {
  return files.map((file) => {
    const report = readForeign(file, 'pgbench', () => {
      const read = readPgbenchReport(file);
      refuseOtherScript(read);
      return read;
    });
    return {
      source: { program: 'pgbench', ...report.about },
      files: [file.file],
      readings: [{ metric: 'rows-per-second', ...report.rate, at: report.rateAt, tool: 'pgbench' }],
      ...sizeOf(report),
    };
  });
}

function refuseOtherScript({ script, scriptAt }: PgbenchReport): void {
  if (!OTHER_SCRIPT.test(script)) return;
  throw new ParseError(`expected a script of information retrieval, found ${quote(script)}`, scriptAt);
}

/** A profile has a number of transactions for each client; a run by time has whatever it came to. */
function sizeOf({ clients, clientsAt, about }: PgbenchReport): Pick<ForeignTrial, 'contradicts' | 'size'> {
  const each = about['number of transactions per client'];
  const work = each === undefined ? (about['duration'] ?? 'unknown duration') : `${each} transactions each`;
  return {
    contradicts: contradictionsOf(
      sizes,
      ({ users, transactionsPerUser }) =>
        otherCount('clients', users, clients) ??
        (each === String(transactionsPerUser)
          ? undefined
          : `expected ${transactionsPerUser} transactions per client, found ${each ?? `a run of ${work}`}`),
    ),
    ...statedSize(`${clients} client${clients === 1 ? '' : 's'}, ${work}`, clientsAt),
  };
}
