import type { ForeignTrial, Metric, RawText, RawTrial, Reading } from '../../harness/types.js';
import { firstNonBlank, linesOf, ParseError, quote } from '../parsing.js';
import { counted } from '../quantity.js';
import { endedWell, readForeign, readingsOr } from '../trial-steps.js';
import { readReport, type DbenchReport } from './report.js';

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

/** How long the steps of a trial run, in seconds: the value of `-t`. */
export type Seconds = Readonly<Record<keyof typeof yieldsOf, number>>;

/** Pure: the readings of a trial. */
export function parse(raw: RawTrial, seconds: Seconds): readonly Reading<DbenchMetric>[] {
  return (['whole-load', 'first-90000'] as const).flatMap((name) =>
    readingsOr<DbenchMetric>(yieldsOf[name], () => {
      const step = endedWell(raw, name);
      const complaint = firstNonBlank(linesOf(step.stderr));
      if (complaint !== undefined) throw new ParseError(`dbench complains: ${quote(complaint.text)}`, complaint.at);
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
  // Its last line of progress is that of the second before the limit, which may be skipped on a busy machine.
  if (report.seconds === undefined || report.seconds < asked / 2 || report.seconds > asked) {
    throw new ParseError(
      `dbench's throughput covers its first ${report.seconds ?? 0} s of the requested ${asked} s`,
      at,
    );
  }
}

function readingsOf(
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

/**
 * Pure: outputs of dbench with one client that were measured elsewhere, a trial a file. The name of a load file shows
 * the first 90,000 operations (`90k`, `90000`) from any other load, which counts as the whole one.
 */
export function recognize(files: readonly RawText[]): ForeignTrial<DbenchMetric>[] {
  return files.map((file) => {
    const report = readForeign(file.file, () => readReport(file));
    const { asked, clients, sync } = report;
    const place = `${file.file}:${report.throughputAt.line}`;
    if (clients !== 1) throw new Error(`${place}: expected the output of one client, found ${clients}`);
    if (sync !== '') throw new Error(`${place}: expected no synchronous writing, found ${quote(sync)}`);
    if (asked === undefined) {
      throw new Error(
        `${file.file}: expected the line "Running for ... seconds with load '...'", which names the load, found none`,
      );
    }
    const version = /^dbench version (\d[\w.]{0,20})/m.exec(file.text)?.[1];
    const name = /90(?:k|000)/i.test(asked.load) ? 'first-90000' : 'whole-load';
    return {
      source: {
        program: 'dbench',
        ...(version === undefined ? {} : { version }),
        load: asked.load,
        seconds: String(asked.seconds),
      },
      files: [file.file],
      readings: readingsOf(report, yieldsOf[name]),
    };
  });
}
