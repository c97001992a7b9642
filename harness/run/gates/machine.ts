import { printable } from '../../connect/failure.js';
import type { Watched } from '../../host/vitals/watched.js';
import type { Gate, GateValue, GateView } from './gate.js';

/** A kernel that a trial ran on, and what was read of it. */
type Seen = { readonly where: string; readonly watched: Watched };

/** The host, and guests with their own kernel. */
function kernelsOf({ machine, guests }: GateView): readonly Seen[] {
  const host = machine?.watched === undefined ? [] : [{ where: 'the host', watched: machine.watched }];
  const own = guests.flatMap(({ assignment, watched }) =>
    watched === undefined ? [] : [{ where: `guest ${assignment.guest}`, watched }],
  );
  return [...host, ...own];
}

/** The worst of all kernels that can be read; null when the host cannot. */
function worstOf(
  view: GateView,
  valueOf: (watched: Watched) => number | undefined,
  inWords: (value: number, where: string) => string,
): GateValue | undefined {
  const { machine } = view;
  if (machine === undefined) return undefined;
  if (machine.watched === undefined) return { value: null, detail: NOT_READ };
  if (valueOf(machine.watched) === undefined) return { value: null, detail: 'it cannot be read on this host' };
  const read = kernelsOf(view).flatMap(({ where, watched }) => {
    const value = valueOf(watched);
    return value === undefined ? [] : [{ where, value }];
  });
  const worst = read.reduce((most, each) => (each.value > most.value ? each : most));
  return { value: worst.value, detail: inWords(worst.value, worst.where) };
}

export const NOT_READ = 'the host could not be read both before the start and after the end';

export const throttling: Gate<'throttling'> = {
  id: 'throttling',
  unit: 'count',
  limit: 0,
  voids: 'above',
  scope: 'machine',
  about:
    'How often the processor slowed down because of its temperature or power (thermal_throttle, on Intel processors only).',
  remedy: 'let the machine cool down, or lower its frequency with the controls turbo and governor',
  read: (view) =>
    worstOf(
      view,
      ({ throttles }) => throttles,
      (count, where) => `${where} was throttled ${count} times`,
    ),
};

export const kernelWarnings: Gate<'kernel-warnings'> = {
  id: 'kernel-warnings',
  unit: 'count',
  limit: 0,
  voids: 'above',
  scope: 'machine',
  about: 'New lines in the kernel log at level warning and above, of any cause.',
  remedy: 'read the kernel log of the host (dmesg); `--gate kernel-warnings=LIMIT` accepts more lines',
  read(view) {
    const read = worstOf(
      view,
      ({ warnings }) => warnings?.length,
      (count, where) => `${count} new in the kernel log of ${where}`,
    );
    if (read?.value === undefined || read.value === null || read.value === 0) return read;
    const [first = ''] = kernelsOf(view).flatMap(({ watched }) => watched.warnings ?? []);
    return { ...read, detail: `${read.detail}: ${printable(first, 120)}` };
  },
};

export const clockStep: Gate<'clock-step'> = {
  id: 'clock-step',
  unit: 'ms',
  limit: 50,
  voids: 'above',
  scope: 'machine',
  about:
    'How far the time of day was set forwards or backwards: tools that measure with it are wrong by the same amount. A clock that is slewed does not step. It is the smallest step that fits both readings, whose error is about 10 ms, more on a slow machine.',
  remedy: 'wait until the clock of the host is synchronized, or let its daemon slew and not step',
  read(view) {
    const slow = kernelsOf(view).find(({ watched }) => (watched.clockErrorMs ?? 0) > MAX_CLOCK_ERROR_MS);
    if (slow !== undefined) {
      const error = `${(slow.watched.clockErrorMs ?? 0).toFixed(0)} ms`;
      const detail = `reading the clock of ${slow.where} takes so long that a step is known to ${error} only (expected: ${MAX_CLOCK_ERROR_MS} ms)`;
      return { value: null, detail };
    }
    return worstOf(
      view,
      ({ clockStepMs, clockErrorMs = 0 }) =>
        clockStepMs === undefined ? undefined : Math.max(0, Math.abs(clockStepMs) - clockErrorMs),
      (ms, where) => `the clock of ${where} was stepped by ${ms.toFixed(0)} ms`,
    );
  },
};

/** With a larger error of both readings together, a step that matters could go unseen. */
const MAX_CLOCK_ERROR_MS = 250;

export const swap: Gate<'swap'> = {
  id: 'swap',
  unit: 'pages',
  limit: 256,
  voids: 'above',
  scope: 'machine',
  about:
    'Pages swapped in and out. A daemon that wakes up reads back a few dozen, which does not matter; a shortage of memory moves thousands.',
  remedy: 'free memory on the host, or give the guests less',
  read: (view) =>
    worstOf(
      view,
      ({ swappedPages }) => swappedPages,
      (pages, where) => `${where} swapped ${pages} pages`,
    ),
};

export const controlDrift: Gate<'control-drift'> = {
  id: 'control-drift',
  unit: 'count',
  limit: 0,
  voids: 'above',
  scope: 'machine',
  about: 'Controls of the host whose values differ before and after the trial.',
  remedy: 'stop what changes the settings meanwhile (tuned, power-profiles-daemon, thermald)',
  read({ machine }) {
    if (machine?.drift === undefined) return undefined;
    const changes = machine.drift.map(({ check, expected, found }) => `${check} was ${expected}, is ${found}`);
    const detail = changes.length === 0 ? 'every control reads as before' : printable(changes.join('; '), 300);
    return { value: changes.length, detail };
  },
};
