import { printable } from '../../connect/failure.js';
import type { Watched } from '../../host/vitals/watched.js';
import type { Gate, GateValue, GateView } from './gate.js';

/** A kernel that a trial ran on, and what happened to it. */
type Seen = { readonly where: string; readonly watched: Watched };

/** The host, and guests that have a kernel of their own. */
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
  if (machine.watched === undefined) return { value: null, detail: NOT_LOOKED_AT };
  if (valueOf(machine.watched) === undefined) return { value: null, detail: 'it cannot be read on this host' };
  const read = kernelsOf(view).flatMap(({ where, watched }) => {
    const value = valueOf(watched);
    return value === undefined ? [] : [{ where, value }];
  });
  const worst = read.reduce((most, each) => (each.value > most.value ? each : most));
  return { value: worst.value, detail: inWords(worst.value, worst.where) };
}

export const NOT_LOOKED_AT = 'the host was not looked at both before the start and after the end';

export const throttling: Gate<'throttling'> = {
  id: 'throttling',
  unit: 'count',
  limit: 0,
  voids: 'above',
  of: 'machine',
  about:
    'Times that the processor slowed itself down because of its temperature or power (thermal_throttle, which only Intel processors have).',
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
  of: 'machine',
  about: 'New lines in the log of the kernel at level warning and above, whatever they are about: look, and decide.',
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
  of: 'machine',
  about:
    'By how much the time of day was set, forwards or backwards: tools that measure with it are wrong by as much. A clock that is slewed does not step. It is read to within some 10 ms.',
  read: (view) =>
    worstOf(
      view,
      ({ clockStepMs }) => (clockStepMs === undefined ? undefined : Math.abs(clockStepMs)),
      (ms, where) => `the clock of ${where} was stepped by ${ms.toFixed(0)} ms`,
    ),
};

export const swap: Gate<'swap'> = {
  id: 'swap',
  unit: 'pages',
  limit: 256,
  voids: 'above',
  of: 'machine',
  about:
    'Pages swapped in and out. A daemon that wakes up reads back a few dozen, which disturbs nobody; memory that is short moves thousands.',
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
  of: 'machine',
  about: 'Controls of the host that read otherwise after the trial than they did before it.',
  read({ machine }) {
    if (machine?.drift === undefined) return undefined;
    const changes = machine.drift.map(({ check, expected, found }) => `${check} was ${expected}, is ${found}`);
    const detail = changes.length === 0 ? 'every control reads as before' : printable(changes.join('; '), 300);
    return { value: changes.length, detail };
  },
};
