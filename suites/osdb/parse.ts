import type { Origin, RawStep, RawTrial, Reading } from '../../harness/types.js';
import { describeFailure, firstWords, linesOf, ParseError, quote } from '../parsing.js';
import { metrics, percentiles, type OsdbMetric } from './metrics.js';
import { readPgbenchReport, refuseAborted, type PgbenchReport } from './pgbench-report.js';
import { readServed } from './server-counts.js';
import { percentileOf, readTransactionLog, type TransactionLog } from './transaction-log.js';

/** pgbench's own rate and that of its log may differ by this part, and by the time that threads take to start. */
const DISAGREEMENT = 0.05;
const THREADS_START_SECONDS = 0.1;

/**
 * Pure: the readings of a trial. The work is what pgbench says it did, confirmed by the server's count of rows found; a
 * transaction that failed or found nothing, a block that was not in the cache, or a clock that jumped leaves no reading.
 */
export function parse(raw: RawTrial): Reading<OsdbMetric>[] {
  const work = attempt(() => readWork(raw));
  if ('problem' in work) return Object.keys(metrics).map((metric) => absent(metric as OsdbMetric, work.problem));
  const { report, seconds } = work.value;
  const external: Reading<OsdbMetric> = {
    metric: 'rows-per-second-external',
    value: report.transactions / seconds,
    at: report.rateAt,
    tool: 'pgbench',
  };
  const log = attempt(() => readLog(raw, report));
  if ('problem' in log) return [...logged.map((metric) => absent(metric, log.problem)), external];
  return [...readingsOf(log.value), external];
}

const logged: readonly OsdbMetric[] = ['rows-per-second', ...percentiles.map(([metric]) => metric)];

function readingsOf(log: TransactionLog): Reading<OsdbMetric>[] {
  const tool = 'pgbench';
  return [
    { metric: 'rows-per-second', value: log.transactions / log.spanSeconds, at: log.spanAt, tool },
    ...percentiles.map(([metric, percent]): Reading<OsdbMetric> => {
      const found = attempt(() => percentileOf(log, percent));
      if ('problem' in found) return absent(metric, found.problem);
      return { metric, value: found.value.us, at: found.value.at, tool };
    }),
  ];
}

/** What was done and how long the whole program took. Throws a `ParseError` when it cannot be trusted. */
function readWork(raw: RawTrial): { report: PgbenchReport; seconds: number } {
  const step = endedWell(raw, 'read-rows');
  refuseAborted(linesOf(step.stderr));
  const report = readPgbenchReport(step.stdout);
  const served = readServed(endedWell(raw, 'served-before').stdout, endedWell(raw, 'served-after').stdout);
  if (served.found !== report.transactions || served.scanned !== 0) {
    throw new ParseError(
      `${report.transactions} transactions should have found as many rows by index, but the server counted ${served.found} and ${served.scanned} by scanning`,
      served.at,
    );
  }
  if (served.uncached !== 0) {
    throw new ParseError(`${served.uncached} blocks were not in the server's cache while it was measured`, served.at);
  }
  if (!(step.wallSeconds > 0)) throw new ParseError('the program took no time', report.rateAt);
  return { report, seconds: step.wallSeconds };
}

function readLog(raw: RawTrial, report: PgbenchReport): TransactionLog {
  const log = readTransactionLog(endedWell(raw, 'latencies').stdout);
  if (log.transactions !== report.transactions) {
    throw new ParseError(`${report.transactions} transactions, of which ${log.transactions} were logged`, log.spanAt);
  }
  const claimed = report.transactions / report.rate;
  if (!(Math.abs(claimed - log.spanSeconds) <= DISAGREEMENT * claimed + THREADS_START_SECONDS)) {
    throw new ParseError(
      `pgbench took ${claimed.toFixed(3)} s by its own rate, ${log.spanSeconds.toFixed(3)} s by its log of transactions`,
      log.spanAt,
    );
  }
  return log;
}

/** The step, when it can be trusted; a `ParseError` with its first words of complaint otherwise. */
function endedWell(raw: RawTrial, name: string): RawStep {
  const step = raw.steps.find((candidate) => candidate.name === name);
  if (step === undefined) throw new ParseError(`step ${name} is not in the raw file`);
  const failure = describeFailure(step.outcome);
  if (failure === undefined) return step;
  const words = firstWords(linesOf(step.stderr));
  throw new ParseError(
    `step ${name} ${failure}${words === undefined ? '' : `: ${quote(words.text)}`}`,
    words?.at ?? { file: step.stdout.file, line: step.stdout.firstLine },
  );
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
