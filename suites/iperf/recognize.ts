import type { Finding, ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, inSeconds, otherCount, otherDuration, statedSize } from '../foreign-size.js';
import { ParseError } from '../parsing.js';
import { readForeign } from '../trial-steps.js';
import type { IperfMetric } from './metrics.js';
import type { Row } from './rows.js';
import { seconds as requested } from './sizes.js';
import { readTransfer, type Transfer } from './transfer.js';

/**
 * Pure: reports of iperf 2 over TCP that were measured elsewhere, in CSV or for humans, one run a file. Throws an `Error`
 * that names the file and line otherwise. Which end wrote a report, and so which way the data went, is taken on trust.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<IperfMetric>[] {
  return files.map((file) => {
    const { bitsPerSecond, seconds, connections, doubtful, at } = readForeign(file, 'iperf 2', () => readRun(file));
    const count = connections.length;
    return {
      source: { program: 'iperf 2', seconds: String(seconds), connections: String(count) },
      files: [file.file],
      readings: [{ metric: 'throughput', ...bitsPerSecond, at, tool: 'iperf' }],
      contradicts: contradictionsOf(
        requested,
        (wanted) => otherCount('connection', 1, count) ?? otherDuration(wanted, seconds),
      ),
      ...statedSize(`${count} connection${count === 1 ? '' : 's'}, ${inSeconds(seconds)}`, at),
      ...(doubtful === undefined ? {} : { findings: [intervalOrTotal(doubtful)] }),
    };
  });
}

function intervalOrTotal({ connection, to, at }: Row): Finding {
  return {
    check: 'end of the report',
    expected: `a total of connection ${connection} after its intervals`,
    found: `one row, in line ${at.line}, which ends at ${to} s`,
    verdict: 'unavailable',
    hint: `it is the first interval of a report that was cut, unless the run took ${to} s`,
  };
}

function readRun(file: RawText): Transfer {
  const transfer = readTransfer(file);
  const { connections, sum } = transfer;
  // A client's connections of one run look the same in CSV as a server's of several.
  if (connections.length === 1 || sum === 'printed') return transfer;
  throw new ParseError(
    `expected one connection or a sum, found ${connections.length} connections and no sum: they may be parallel, or several runs of one server; import the report for humans, which has a sum, or a file for each`,
    transfer.at,
  );
}
