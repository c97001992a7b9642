import type { Metric, RawTrial, Reading } from '../../harness/types.js';
import { ParseError } from '../parsing.js';
import { divided, exact, type Quantity } from '../quantity.js';
import { endedWell, readingsOr } from '../trial-steps.js';
import { readPhases } from './phases.js';
import { readReport, type PostmarkReport } from './report.js';
import type { Size } from './sizes.js';

export const metrics = {
  transactions: { label: 'PostMark transactions', unit: '1/s', better: 'higher' },
  'transactions-tool': { label: "PostMark transactions, by the tool's whole seconds", unit: '1/s', better: 'higher' },
  read: { label: 'PostMark data read', unit: 'B/s', better: 'higher' },
  write: { label: 'PostMark data written', unit: 'B/s', better: 'higher' },
} as const satisfies Record<string, Metric>;

export type PostmarkMetric = keyof typeof metrics;
const names = Object.keys(metrics) as PostmarkMetric[];

/** `stamp.pl` prints microseconds. */
const STAMP_SECONDS = 1e-6;

/** Pure: the readings of a trial: PostMark's counts and amounts, divided by the wall-clock time. */
export function parse(raw: RawTrial, size: Size): readonly Reading<PostmarkMetric>[] {
  return readingsOr(names, () => {
    const step = endedWell(raw, 'postmark');
    // First, because it is on standard error that PostMark complains about files.
    const phases = readPhases(step.stdout, step.stderr);
    const report = readReport(step.stdout);
    refuseOther(report, size);
    refuseOtherTime(report.transactionSeconds, phases.transactions);
    refuseOtherTime(report.seconds, phases.all);
    const tool = 'postmark';
    const { transactions, transactionRate, bytesRead, bytesWritten } = report;
    const duration = (seconds: number): Quantity => ({ value: seconds, resolution: STAMP_SECONDS });
    return [
      {
        metric: 'transactions',
        ...divided(exact(transactions.value), duration(phases.transactions)),
        at: transactions.at,
        tool,
      },
      { metric: 'transactions-tool', ...transactionRate, tool },
      { metric: 'read', ...divided(bytesRead, duration(phases.all)), at: bytesRead.at, tool },
      { metric: 'write', ...divided(bytesWritten, duration(phases.all)), at: bytesWritten.at, tool },
    ];
  });
}

function refuseOther(report: PostmarkReport, { files, transactions }: Size): void {
  const done = report.transactions;
  if (done.value !== transactions || report.asked.transactions !== transactions) {
    throw new ParseError(
      `expected ${transactions} transactions, found ${done.value} of ${report.asked.transactions ?? 'unknown'}`,
      done.at,
    );
  }
  const { createdBefore } = report;
  if (createdBefore.value !== files) {
    throw new ParseError(`expected ${files} files created at first, found ${createdBefore.value}`, createdBefore.at);
  }
}

/** Differences of a clock's whole seconds are off by less than one second; PostMark makes 1 of 0. */
function refuseOtherTime(claimed: PostmarkReport['seconds'], seconds: number): void {
  if (Math.abs(claimed.value - seconds) <= 1.1) return;
  throw new ParseError(`PostMark reports ${claimed.value} s, but its step took ${seconds.toFixed(3)} s`, claimed.at);
}
