import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, otherCount } from '../foreign-size.js';
import { ParseError } from '../parsing.js';
import type { Iperf3Metric } from './metrics.js';
import { readingsOf } from './parse.js';
import { readReport, type Report } from './report.js';

/**
 * Pure: reports of iperf3 in JSON (`-J`) over TCP that were measured elsewhere, one run a file. The end that wrote a
 * report counts as the guest. Throws an `Error` that names the file otherwise.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<Iperf3Metric>[] {
  return files.map((file) => {
    const report = readOne(file);
    return {
      source: { program: `iperf3 ${report.version}`, seconds: String(report.seconds) },
      files: [file.file],
      readings: readingsOf(report, report.direction),
      contradicts: contradictionsOf({ paper: 1, quick: 1 }, (one) => otherCount('connection', one, report.connections)),
    };
  });
}

function readOne(file: RawText): Report {
  try {
    return readReport(file);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const place = error.at === undefined ? file.file : `${file.file}:${error.at.line}`;
    throw new Error(`${place}: ${error.message}`, { cause: error });
  }
}
