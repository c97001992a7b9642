import type { ForeignTrial, RawText } from '../../harness/types.js';
import { contradictionsOf, inSeconds, otherCount, otherDuration, statedSize } from '../foreign-size.js';
import { readForeign } from '../trial-steps.js';
import type { Iperf3Metric } from './metrics.js';
import { readingsOf } from './parse.js';
import { readReport } from './report.js';
import { seconds as requested } from './steps.js';

/**
 * Pure: reports of iperf3 in JSON (`-J`) over TCP that were measured elsewhere, one run a file. The end that wrote a
 * report counts as the guest. Throws an `Error` that names the file and line otherwise.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<Iperf3Metric>[] {
  return files.map((file) => {
    const report = readForeign(file, 'iperf3 -J', () => readReport(file));
    const { connections, seconds } = report;
    return {
      source: { program: `iperf3 ${report.version}`, seconds: String(seconds) },
      files: [file.file],
      readings: readingsOf(report, report.direction),
      contradicts: contradictionsOf(
        requested,
        (wanted) => otherCount('connection', 1, connections) ?? otherDuration(wanted, seconds),
      ),
      ...statedSize(`${connections} connection${connections === 1 ? '' : 's'}, ${inSeconds(seconds)}`, report.at),
    };
  });
}
