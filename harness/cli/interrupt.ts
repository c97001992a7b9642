import type { Printer } from './printer.js';
import { INTERRUPTED } from './exit-code.js';

/** The part of `process` that is needed here. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): unknown;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Signals so close to the first one are the same request: timeout(1) signals its child and then the whole process group,
 * and a terminal signals all that runs in it.
 */
const ONE_REQUEST_MS = 1000;

/**
 * The first signal aborts `signal`, for a clean end; another one, a second or more later, exits at once. `stop` removes the
 * listeners. `nowMs` is a monotonic clock.
 */
export function watchInterrupts(
  source: SignalSource,
  printer: Printer,
  nowMs: () => number = () => performance.now(),
): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let first = 0;
  const listener = (): void => {
    if (controller.signal.aborted) {
      if (nowMs() - first < ONE_REQUEST_MS) return;
      printer.live('');
      source.exit(INTERRUPTED);
      return;
    }
    printer.line(
      'bench: interrupted: stopping the trial, removing guests, releasing locks (press Ctrl-C again to exit at once)',
    );
    first = nowMs();
    controller.abort(new Error('interrupted'));
  };
  for (const signal of SIGNALS) source.on(signal, listener);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of SIGNALS) source.off(signal, listener);
    },
  };
}
