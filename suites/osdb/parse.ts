import type { Origin, RawStep, RawTrial, Reading } from '../../harness/types.js';
import { linesOf, ParseError } from '../parsing.js';
import { clocked, counted, divided, exact } from '../quantity.js';
import { trustedStep } from '../trial-steps.js';
import { percentiles, rates, type OsdbMetric } from './metrics.js';
import { readPgbenchReport, refuseAborted, type PgbenchReport } from './pgbench-report.js';
import { readServed } from './server-counts.js';
import { percentileOf, readTransactionLog, type TransactionLog } from './transaction-log.js';

/**
 * The time that pgbench reports may differ from that of its log, and from that of the whole program, by this part
 * and by the time that threads and connections take to start.
 */
const DISAGREEMENT = 0.1;
const THREADS_START_SECONDS = 0.1;
const CONNECTIONS_START_SECONDS = 1;

/**
 * Pure: the readings of a trial. The work is what pgbench reports, confirmed by the server's count of rows found; a
 * transaction that failed or found nothing, a block that was not in the cache, or a clock that jumped leaves no reading.
 */
export function parse(raw: RawTrial): Reading<OsdbMetric>[] {
  return [...ratesOf(raw), ...latenciesOf(raw)];
}

function ratesOf(raw: RawTrial): Reading<OsdbMetric>[] {
  const work = attempt(() => readWork(raw));
  if ('problem' in work) return rates.map((metric) => absent(metric, work.problem));
  const { report, seconds } = work.value;
  const at = report.rateAt;
  return [
    { metric: 'rows-per-second', ...report.rate, at, tool: 'pgbench' },
    {
      metric: 'rows-per-second-wall-clock',
      ...divided(exact(report.transactions), clocked(seconds)),
      at,
      tool: 'pgbench',
    },
  ];
}

function latenciesOf(raw: RawTrial): Reading<OsdbMetric>[] {
  const log = attempt(() => readLog(raw));
  if ('problem' in log) return percentiles.map(([metric]) => absent(metric, log.problem));
  return percentiles.map(([metric, percent]) => {
    const found = attempt(() => percentileOf(log.value, percent));
    if ('problem' in found) return absent(metric, found.problem);
    return { metric, ...counted(found.value.us), at: found.value.at, tool: 'pgbench' };
  });
}

/** What was done and how long the whole program took. Throws a `ParseError` when it cannot be trusted. */
function readWork(raw: RawTrial): { report: PgbenchReport; seconds: number } {
  const { step, report } = readRun(raw, 'read-rows');
  const served = readServed(trustedStep(raw, 'served-before').stdout, trustedStep(raw, 'served-after').stdout);
  if (served.found !== report.transactions || served.scanned !== 0) {
    throw new ParseError(
      `${report.transactions} transactions should have found as many rows by index, but the server counted ${served.found} and ${served.scanned} by scanning`,
      served.at,
    );
  }
  if (served.uncached !== 0) {
    throw new ParseError(`${served.uncached} blocks were not in the server's cache while it was measured`, served.at);
  }
  const [claimed, seconds] = [report.transactions / report.rate.value, step.wallSeconds];
  if (!(seconds > 0) || !agree(claimed, seconds, CONNECTIONS_START_SECONDS)) {
    throw new ParseError(
      `pgbench took ${claimed.toFixed(3)} s by its own rate, but ${seconds.toFixed(3)} s of wall-clock time`,
      report.rateAt,
    );
  }
  return { report, seconds };
}

/** The times of all transactions of the run that was logged. */
function readLog(raw: RawTrial): TransactionLog {
  const { report } = readRun(raw, 'time-rows');
  const log = readTransactionLog(trustedStep(raw, 'latencies').stdout);
  if (log.transactions !== report.transactions) {
    throw new ParseError(`${report.transactions} transactions, of which ${log.transactions} were logged`, log.spanAt);
  }
  const claimed = report.transactions / report.rate.value;
  if (!agree(claimed, log.spanSeconds, THREADS_START_SECONDS)) {
    throw new ParseError(
      `pgbench took ${claimed.toFixed(3)} s by its own rate, ${log.spanSeconds.toFixed(3)} s by its log of transactions`,
      log.spanAt,
    );
  }
  return log;
}

function readRun(raw: RawTrial, name: string): { step: RawStep; report: PgbenchReport } {
  const step = trustedStep(raw, name);
  refuseAborted(linesOf(step.stderr));
  return { step, report: readPgbenchReport(step.stdout) };
}

function agree(claimed: number, seen: number, startSeconds: number): boolean {
  return Number.isFinite(claimed) && Math.abs(claimed - seen) <= DISAGREEMENT * claimed + startSeconds;
}

interface Problem {
  readonly missing: string;
  readonly at?: Origin;
}

function attempt<T>(read: () => T): { readonly value: T } | { readonly problem: Problem } {
  try {
    return { value: read() };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { problem: { missing: error.message, ...(error.at === undefined ? {} : { at: error.at }) } };
  }
}

const absent = (metric: OsdbMetric, problem: Problem): Reading<OsdbMetric> => ({ metric, ...problem });
