import { describeProblem } from '../../errors.js';
import type { ProgressEvent } from './state.js';

/**
 * An event of a run as `--progress json` prints it, see docs/progress.md: a program that reads it must not have to follow
 * changes of the types inside. Undefined for events that are not printed. Pure.
 */
export function progressJson(event: ProgressEvent, at: Date): Readonly<Record<string, unknown>> | undefined {
  const { kind, ...rest } = event;
  const head = { event: kind, at: at.toISOString() };
  switch (event.kind) {
    case 'preparing':
      return { event: 'note', at: head.at, message: event.what };
    case 'problem':
      return { ...head, message: describeProblem(event.problem), problem: event.problem };
    case 'trial-ended': {
      const { record, readings, seconds, position, done, trials, rest: left } = event;
      const { trial, attempt, target, benchmark, outcome } = record;
      const missing = readings.filter((reading) => 'missing' in reading).length;
      return {
        ...head,
        ...{ trial, attempt, target, benchmark, position, done, trials, seconds },
        status: outcome.status,
        reason: reasonOf(outcome),
        values: readings.length - missing,
        missing,
        rest: left,
      };
    }
    case 'opened':
    case 'step':
    case 'trial-started':
    case 'stage':
    case 'interrupted':
    case 'closed':
      return { ...head, ...rest };
  }
}

type Outcome = Extract<ProgressEvent, { kind: 'trial-ended' }>['record']['outcome'];

function reasonOf(outcome: Outcome): string | null {
  if (outcome.status === 'collected') return null;
  return outcome.status === 'failed' ? describeProblem(outcome.problem) : outcome.reason;
}
