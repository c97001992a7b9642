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
 * The first signal aborts `signal`, for a clean end; the second exits at once. `stop` removes the listeners.
 */
export function watchInterrupts(source: SignalSource, printer: Printer): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) {
      printer.live('');
      source.exit(INTERRUPTED);
      return;
    }
    printer.line(
      'bench: interrupted: stopping the trial, removing guests, releasing locks (press Ctrl-C again to exit at once)',
    );
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
