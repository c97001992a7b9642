import { describeProblem } from '../errors.js';
import type { RunEvent } from '../run/session/events.js';
import type { Outcome } from '../types.js';
import type { Printer } from './printer.js';

type Ended = Extract<RunEvent, { kind: 'trial-ended' }>;

export interface Progress {
  readonly show: (event: RunEvent) => void;
  /** To be called once a second. */
  readonly tick: () => void;
}

/**
 * Shows the progress of a run: a line for each event, and on a terminal a live line with the current trial and the time
 * remaining, which `tick` counts down. `now` returns milliseconds.
 */
export function watchProgress(printer: Printer, now: () => number): Progress {
  let current: { readonly text: string; readonly until: number } | undefined;
  const tick = (): void => {
    if (current === undefined) return;
    printer.live(`${current.text}, ${writeDuration((current.until - now()) / 1000)} remaining`);
  };
  const rest = (): void => {
    current = undefined;
    printer.live('');
  };
  return {
    tick,
    show(event) {
      switch (event.kind) {
        case 'opened':
          printer.line(
            `run ${event.run}: ${counted(event.trials, 'trial')}, ${event.done} done, in ${event.directory}`,
          );
          break;
        case 'preparing':
          printer.line(event.what, 'quiet');
          break;
        case 'trial-started': {
          const again = event.attempt === 1 ? '' : `, attempt ${event.attempt}`;
          const text = `[${event.position}/${event.trials}] ${event.target} ${event.benchmark}${again}`;
          current = { text, until: now() + event.remainingSeconds * 1000 };
          if (printer.watched) tick();
          else printer.line(`${text}: started, ${writeDuration(event.remainingSeconds)} remaining`);
          break;
        }
        case 'trial-ended':
          rest();
          printer.line(describeEnd(event), event.record.outcome.status === 'collected' ? 'good' : 'bad');
          break;
        case 'problem':
          rest();
          printer.line(`bench: ${describeProblem(event.problem)}`, 'bad');
          break;
        case 'closed': {
          rest();
          const { collected, failed, voided, skipped, unneeded } = event;
          const spared = unneeded === 0 ? '' : `, ${unneeded} not needed`;
          printer.line(`${collected} collected, ${failed} failed, ${voided} void, ${skipped} skipped${spared}`);
          break;
        }
      }
    },
  };
}

function describeEnd({ record, readings, seconds, position, trials, remainingSeconds }: Ended): string {
  const attempt = record.attempt === 1 ? '' : ` attempt ${record.attempt}`;
  const head = `[${position}/${trials}] ${record.target} ${record.benchmark}${attempt}`;
  const remaining = position < trials ? `; ${writeDuration(remainingSeconds)} remaining` : '';
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

/** `42 s`, `3 min 5 s`, `2 h 10 min`: rounded to the smallest unit shown. */
export function writeDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 trial`, `2 trials`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
