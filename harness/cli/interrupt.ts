import type { Printer } from './printer.js';
import { INTERRUPTED } from './exit-code.js';

/** Where signals come from and what ends the process; `process` outside of tests. */
export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  off(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): unknown;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * The first signal asks for a clean end, the second ends at once. Returns what aborts at the first, and the function
 * that stops listening.
 */
export function watchInterrupts(source: SignalSource, printer: Printer): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) {
      printer.live('');
      source.exit(INTERRUPTED);
      return;
    }
    printer.line('bench: ending: stopping the trial, removing guests, releasing locks (again: end at once)');
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
