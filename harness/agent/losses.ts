import { BenchError } from '../errors.js';

/** The clock that waiting uses; tests replace it. `nowMs` is monotonic. */
export interface WaitClock {
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

/** How a call behaves when the connection to the guest is lost. */
export interface Persistence {
  /** How long to try to reach the guest again after a loss, before the call rejects with the loss. */
  readonly reconnectSeconds: number;
  /** Called with a message when the guest was reached again. */
  readonly onReconnect?: (what: string) => void;
  /** On Ctrl-C the call rejects at once with the signal's reason. The trial on the guest continues. */
  readonly signal?: AbortSignal;
  readonly clock?: WaitClock;
}

/** The clock of this process. */
export const processClock: WaitClock = {
  nowMs: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A call that loses its connection this often, although the guest answers, will not succeed. */
const MAX_LOSSES = 20;

/**
 * Repeats `call` until its answer arrives. After a lost connection it pauses, longer each time, until `probe` reaches
 * the guest, and calls again, so `call` must be repeatable. Any other failure is thrown unchanged.
 */
export async function throughLosses<T>(
  call: () => Promise<T>,
  probe: () => Promise<unknown>,
  persistence: Persistence,
): Promise<T> {
  for (let losses = 0; ; losses += 1) {
    try {
      return await orAborted(call, persistence.signal);
    } catch (error) {
      if (!isLoss(error) || losses >= MAX_LOSSES) throw error;
      const seconds = await reachAgain(probe, persistence, error);
      persistence.onReconnect?.(`${error.problem.message}; reached again after ${seconds.toFixed(1)} s`);
    }
  }
}

async function reachAgain(probe: () => Promise<unknown>, persistence: Persistence, loss: BenchError): Promise<number> {
  const clock = persistence.clock ?? processClock;
  const began = clock.nowMs();
  const end = began + persistence.reconnectSeconds * 1000;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const left = end - clock.nowMs();
    if (left <= 0) throw loss;
    await orAborted(() => clock.sleep(Math.min(pause, left)), persistence.signal);
    try {
      await orAborted(probe, persistence.signal);
      return (clock.nowMs() - began) / 1000;
    } catch (error) {
      if (!isLoss(error)) throw error;
    }
  }
}

function isLoss(error: unknown): error is BenchError {
  return error instanceof BenchError && error.transport;
}

/** The result of `work`, or a rejection as soon as the signal is aborted; a later result is ignored. */
async function orAborted<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const { promise: aborted, reject } = rejectable();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function rejectable(): { readonly promise: Promise<never>; readonly reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
