import { BenchError, describeProblem } from '../../errors.js';
import type { Printer } from '../printer.js';
import { progressJson } from './json.js';
import { progressLine } from './line.js';
import { logLine } from './log.js';
import { advance, progressAt, type ProgressEvent } from './state.js';

/** How progress is shown. `auto`: a live line below the log on a terminal, else the log. */
export const PROGRESS_KINDS = ['auto', 'log', 'json'] as const;
export type ProgressKind = (typeof PROGRESS_KINDS)[number];

export interface Progress {
  readonly show: (event: ProgressEvent) => void;
  /** Shows how much time has passed; called once a second. */
  readonly tick: () => void;
  /** Removes the live line, and ends the calls of `tick`. */
  readonly stop: () => void;
}

/** In a log, work outside of trials is a line once it has taken this long. */
const SILENCE_MS = 2000;

/** Shows the progress of a run on stderr. `now` returns milliseconds since 1970. */
export function watchProgress(printer: Printer, now: () => number, kind: ProgressKind = 'auto'): Progress {
  if (kind === 'json') return jsonProgress(printer, now);
  const live = kind === 'auto' && printer.watched;
  let state = progressAt(now());
  let announced = '';
  const tick = (): void => {
    if (live) printer.live(progressLine(state, now(), printer.columns() - 1));
    const { step } = state;
    if (live || step === undefined || step.what === announced || now() - step.since < SILENCE_MS) return;
    announced = step.what;
    printer.line(step.what, 'quiet');
  };
  const ticking = setInterval(tick, 1000);
  ticking.unref();
  return {
    tick,
    show(event) {
      state = advance(state, event, now());
      const line = event.kind === 'interrupted' ? undefined : logLine(event, { live });
      if (line !== undefined) printer.line(line.text, line.tone);
      tick();
    },
    stop() {
      clearInterval(ticking);
      printer.live('');
    },
  };
}

function jsonProgress(printer: Printer, now: () => number): Progress {
  return {
    tick: () => undefined,
    stop: () => undefined,
    show(event) {
      const line = progressJson(event, new Date(now()));
      if (line !== undefined) printer.line(JSON.stringify(line));
    },
  };
}

/** A printer whose lines for stderr are events of `--progress json`, too. */
export function asJsonLines(printer: Printer, now: () => number): Printer {
  const print = (event: object): void => printer.line(JSON.stringify(event));
  const at = (): string => new Date(now()).toISOString();
  return {
    ...printer,
    line: (message) => print({ event: 'note', at: at(), message }),
    live: () => undefined,
    problem(error) {
      const problem = error instanceof BenchError ? error.problem : undefined;
      const message = problem === undefined ? String(error) : describeProblem(problem);
      print({ event: 'problem', at: at(), message, ...(problem === undefined ? {} : { problem }) });
    },
  };
}
