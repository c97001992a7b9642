import { counted } from '../../../reports/narrative/format.js';
import { describeProblem } from '../../errors.js';
import type { RunEvent } from '../../run/session/events.js';
import type { Outcome } from '../../types.js';
import { writeDuration, writeSpan } from '../duration.js';
import type { Tone } from '../printer.js';

type Ended = Extract<RunEvent, { kind: 'trial-ended' }>;

export interface LogLine {
  readonly text: string;
  readonly tone?: Tone;
}

/**
 * The line that a log has of an event, if any. `live`: a display below the log shows the current trial, and starts are no
 * lines. Pure.
 */
export function logLine(event: RunEvent, { live }: { readonly live: boolean }): LogLine | undefined {
  switch (event.kind) {
    case 'opened': {
      const { run, directory, trials, done } = event;
      return { text: `run ${run}: ${counted(trials, 'trial')}, ${done} done, in ${directory}` };
    }
    case 'preparing':
      return { text: event.what, tone: 'quiet' };
    case 'trial-started': {
      if (live) return undefined;
      const { position, trials, target, benchmark, attempt, expected, rest } = event;
      const again = attempt === 1 ? '' : `, attempt ${attempt}`;
      const left = writeSpan({ low: expected.low + rest.low, high: expected.high + rest.high });
      return { text: `[${position}/${trials}] ${target} ${benchmark}${again}: started, ${left} left` };
    }
    case 'trial-ended':
      return { text: describeEnd(event), tone: event.record.outcome.status === 'collected' ? 'good' : 'bad' };
    case 'problem':
      return { text: `bench: ${describeProblem(event.problem)}`, tone: 'bad' };
    case 'closed':
      return { text: describeCounts(event) };
    case 'step':
    case 'stage':
      return undefined;
  }
}

/** `5 collected, 0 failed, 1 void, 0 skipped`, of the whole run. */
function describeCounts(closed: Extract<RunEvent, { kind: 'closed' }>): string {
  const { trials, collected, failed, voided, skipped, unneeded } = closed;
  const left = trials - collected - failed - voided - skipped - unneeded;
  const parts = [`${collected} collected`, `${failed} failed`, `${voided} void`, `${skipped} skipped`];
  if (unneeded > 0) parts.push(`${unneeded} not needed`);
  if (left > 0) parts.push(`${left} not measured yet`);
  return parts.join(', ');
}

function describeEnd({ record, readings, seconds, position, trials, rest }: Ended): string {
  const attempt = record.attempt === 1 ? '' : ` attempt ${record.attempt}`;
  const head = `[${position}/${trials}] ${record.target} ${record.benchmark}${attempt}`;
  const remaining = rest.high > 0 ? `; ${writeSpan(rest)} left` : '';
  return `${head} (${writeDuration(seconds)}${remaining}): ${describeOutcome(record.outcome)}${describeReadings(readings)}`;
}

function describeReadings(readings: Ended['readings']): string {
  if (readings.length === 0) return '';
  const missing = readings.filter((reading) => 'missing' in reading);
  const names = missing.map(({ metric }) => metric).slice(0, 3);
  const shown = missing.length > names.length ? `${names.join(', ')}, ...` : names.join(', ');
  const suffix = missing.length === 0 ? '' : `, ${missing.length} missing (${shown})`;
  return `, ${counted(readings.length - missing.length, 'value')}${suffix}`;
}

/** `collected`, or the status of a trial and its reason. */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.status) {
    case 'collected':
      return 'collected';
    case 'failed':
      return `failed: ${describeProblem(outcome.problem)}`;
    case 'void':
    case 'skipped':
      return `${outcome.status}: ${outcome.reason}`;
  }
}
