import { writeDuration, writeSpan } from '../duration.js';
import { isOverdue, remaining, type ProgressState } from './state.js';

/** From this width the bar has more characters. */
const WIDE = 110;
/** How long a stage lasts before its time is shown. */
const SHOWN_MS = 2000;

/**
 * The display of a run on one line of at most `columns` characters, each one column wide. In a narrow terminal the bar, the
 * detail of the stage, the time and the stage are left out in turn; the count of trials is kept as long as it fits. Empty
 * where there is nothing to show. Pure.
 */
export function progressLine(state: ProgressState, now: number, columns: number): string {
  if (state.ended === true) return '';
  return candidates(state, now, columns).find((line) => line.length <= columns) ?? '';
}

/** The richest first. */
function candidates(state: ProgressState, now: number, columns: number): string[] {
  const { count } = state;
  const number = count === undefined ? '' : `${count.done}/${count.trials}`;
  const bar = count === undefined ? '' : drawBar(count.done / Math.max(1, count.trials), columns >= WIDE ? 24 : 10);
  const elapsed = count === undefined ? '' : writeDuration((now - state.begun) / 1000);
  const { subject, short, long } = workOf(state, now);
  const [left, leftShort] = leftOf(state, now);
  const head = joined(' ', number, subject);
  return [
    joined(' ', bar, joined(', ', joined(': ', head, long), elapsed, left)),
    joined(' ', bar, joined(', ', joined(': ', head, short), elapsed, left)),
    joined(' ', bar, joined(', ', joined(': ', head, short), left)),
    joined(', ', joined(': ', head, short), left),
    joined(', ', joined(': ', head, short), leftShort),
    joined(', ', head, leftShort),
    joined(', ', joined(' ', number, short), leftShort),
    joined(', ', number, leftShort),
    number === '' ? short : number,
    count === undefined ? '' : `${Math.floor((100 * count.done) / Math.max(1, count.trials))}%`,
  ];
}

/** What is done now: of which trial, in short and in long. */
function workOf(state: ProgressState, now: number): { subject: string; short: string; long: string } {
  const { trial, step, interrupted } = state;
  const lasting = (since: number): string =>
    now - since < SHOWN_MS ? '' : ` (${writeDuration((now - since) / 1000)})`;
  if (interrupted !== undefined) {
    const long = `stopping: removing guests, releasing locks${lasting(interrupted)}`;
    return { subject: '', short: 'stopping', long };
  }
  if (trial === undefined) {
    const what = plain(step?.what ?? '');
    return { subject: '', short: what, long: step === undefined ? '' : `${what}${lasting(step.since)}` };
  }
  const { stage, attempt } = trial;
  const subject = plain(`${trial.target} ${trial.benchmark}${attempt === 1 ? '' : `, attempt ${attempt}`}`);
  if (stage === undefined) return { subject, short: '', long: '' };
  const long = `${joined(': ', stage.name, plain(stage.detail ?? ''))}${lasting(stage.since)}`;
  return { subject, short: stage.name, long };
}

/** The time until the end, in long and in short. An interrupted run has none. */
function leftOf(state: ProgressState, now: number): readonly [long: string, short: string] {
  const span = remaining(state, now);
  if (span === undefined || state.interrupted !== undefined) return ['', ''];
  if (isOverdue(state, now)) return ['longer than expected', 'late'];
  if (span.high === 0) return ['', ''];
  return [`${writeSpan(span)} left`, `${writeSpan(span, '-')} left`];
}

function drawBar(share: number, width: number): string {
  const full = Math.min(width, Math.floor(share * width));
  return `[${'='.repeat(full)}${full < width ? '>' : ''}${' '.repeat(Math.max(0, width - full - 1))}]`;
}

const joined = (by: string, ...parts: readonly string[]): string => parts.filter((part) => part !== '').join(by);

/** Names come from hosts and stored plans: characters whose width a terminal may see differently are replaced. */
function plain(text: string): string {
  return text.replace(/[^\u0020-\u007e°]/gu, '?');
}
