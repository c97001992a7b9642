import type { Metric, RawTrial, Reading } from '../../harness/types.js';
import { firstNonBlank, linesOf, ParseError, quote } from '../parsing.js';
import { counted } from '../quantity.js';
import { endedWell, readingsOr } from '../trial-steps.js';
import { readReport, type DbenchReport } from './report.js';
import type { Seconds } from './sizes.js';

export const metrics = {
  throughput: { label: 'dbench, 1 client', unit: 'B/s', better: 'higher' },
  'max-latency': { label: 'dbench, longest operation', unit: 'us', better: 'lower' },
  operations: { label: 'dbench operations', unit: 'count', better: 'higher' },
  'first-90000-throughput': { label: 'dbench, first 90,000 operations', unit: 'B/s', better: 'higher' },
  'first-90000-max-latency': {
    label: 'dbench, first 90,000 operations, longest operation',
    unit: 'us',
    better: 'lower',
  },
  'first-90000-operations': { label: 'dbench, first 90,000 operations, repeated', unit: 'count', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type DbenchMetric = keyof typeof metrics;

/** What each of the two measured steps yields: throughput, longest operation, operations. */
export const yieldsOf = {
  'whole-load': ['throughput', 'max-latency', 'operations'],
  'first-90000': ['first-90000-throughput', 'first-90000-max-latency', 'first-90000-operations'],
} as const satisfies Record<string, readonly DbenchMetric[]>;

/** Pure: the readings of a trial. */
export function parse(raw: RawTrial, seconds: Seconds): readonly Reading<DbenchMetric>[] {
  return (['whole-load', 'first-90000'] as const).flatMap((name) =>
    readingsOr<DbenchMetric>(yieldsOf[name], () => {
      const step = endedWell(raw, name);
      const complaint = firstNonBlank(linesOf(step.stderr));
      if (complaint !== undefined)
        throw new ParseError(`expected no message of dbench, found ${quote(complaint.text)}`, complaint.at);
      const report = readReport(step.stdout);
      refuseOther(report, seconds[name], step.wallSeconds);
      return readingsOf(report, yieldsOf[name]);
    }),
  );
}

function refuseOther(report: DbenchReport, asked: number, wallSeconds: number): void {
  const at = report.throughputAt;
  if (report.clients !== 1) throw new ParseError(`expected one client, found ${report.clients}`, at);
  if (report.sync !== '') throw new ParseError(`expected no synchronous writing, found ${quote(report.sync)}`, at);
  if (report.asked?.seconds !== asked) {
    throw new ParseError(`expected a run of ${asked} s, found ${report.asked?.seconds ?? 'none'}`, at);
  }
  if (wallSeconds < asked) {
    throw new ParseError(`expected a run of ${asked} s, but its step took ${wallSeconds.toFixed(3)} s`, at);
  }
  refuseOtherProgress(report.seconds ?? 0, asked, report);
}

/** The last line of progress is that of the second before the limit, which may be skipped on a busy machine. */
export function refuseOtherProgress(seconds: number, asked: number, { throughputAt }: DbenchReport): void {
  if (seconds >= asked / 2 && seconds <= asked) return;
  throw new ParseError(`expected the throughput of ${asked} s, found that of the first ${seconds} s`, throughputAt);
}

/** The readings of one report. */
export function readingsOf(
  report: DbenchReport,
  [throughput, latency, operations]: (typeof yieldsOf)[keyof typeof yieldsOf],
): Reading<DbenchMetric>[] {
  const { throughputAt: at, maxLatencyUs, operations: done } = report;
  const tool = 'dbench';
  return [
    { metric: throughput, ...report.bytesPerSecond, at, tool },
    maxLatencyUs === undefined
      ? { metric: latency, missing: 'dbench did not print the longest latency', at }
      : { metric: latency, ...maxLatencyUs, at, tool },
    done === undefined
      ? { metric: operations, missing: 'dbench did not print its table of operations', at }
      : { metric: operations, ...counted(done.count), at: done.at, tool },
  ];
}
