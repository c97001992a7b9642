import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readGates, voidedBy, type GateView } from '../../../harness/run/gates/index.js';
import type { GatedGuest, GatedMachine } from '../../../harness/run/gates/gate.js';
import type { Watched } from '../../../harness/host/vitals/watched.js';
import { readAgentResult, type AgentResult } from '../../../harness/trial/agent-result.js';

/** A result of the real agent, whose ticks and own CPU time the tests set. */
const real = readAgentResult(await readFile(new URL('../../agent/fixtures/result.json', import.meta.url), 'utf8'));
const installation = { tools: {}, env: {}, data: {} };

/** Ticks that passed on CPU 1 while it measured; what is left of them was idle. */
interface Passed {
  readonly ticks: number;
  readonly user?: number;
  readonly system?: number;
  readonly steal?: number;
  /** Of the trial itself; null: nothing was measured. */
  readonly own: number | null;
  readonly startNs?: string;
  readonly endedNs?: string;
}

const guest = (passed: Passed, watched?: Watched): GatedGuest => {
  const { ticks, user = 0, system = 0, steal = 0, own } = passed;
  const agent: AgentResult = {
    ...real,
    steps: [],
    startNs: passed.startNs ?? '1000',
    endedNs: passed.endedNs ?? '2000',
    ticksPerSecond: 100,
    cpuTicks: {
      before: { cpu1: [10, 0, 10, 10, 0, 0, 0, 0, 0, 0] },
      after: { cpu1: [10 + user, 0, 10 + system, 10 + ticks - user - system - steal, 0, 0, 0, steal, 0, 0] },
    },
    ownCpuUs: own === null ? null : { before: 5_000, after: 5_000 + own * 10_000 },
  };
  const raw = { profile: 'quick', installation, steps: [], agent } as const;
  return { assignment: { guest: 0, suite: 'dummy' }, raw, cpus: [1], ...(watched === undefined ? {} : { watched }) };
};

const QUIET: Watched = {
  swappedPages: 0,
  throttles: 0,
  warnings: [],
  clockStepMs: 0,
  strangers: [],
  otherAgents: [],
  kernelTicks: 0,
  ticks: {},
};
const machine = (watched: Partial<Watched> | undefined, more: Partial<GatedMachine> = {}): GatedMachine => ({
  boundary: 'none',
  cpus: [1],
  rationed: false,
  shared: false,
  servesItself: false,
  watched: watched === undefined ? undefined : { ...QUIET, ...watched },
  ...more,
});
const verdictOf = (view: GateView, id: string, thresholds = {}): string | undefined =>
  readGates(view, thresholds).find(({ gate }) => gate === id)?.verdict;

describe('foreign load', () => {
  const verdict = (passed: Passed, watched: Partial<Watched> | undefined = {}, more: Partial<GatedMachine> = {}) =>
    verdictOf({ guests: [guest(passed)], machine: machine(watched, more) }, 'foreign-load');

  it.each([
    ['a trial that has the CPU for itself', { ticks: 6000, user: 6000, own: 5990 }, {}, 'ok'],
    ['somebody who takes half of it', { ticks: 6000, user: 6000, own: 3000 }, {}, 'void'],
    ['another process while a trial sleeps', { ticks: 6000, user: 1200, own: 0 }, {}, 'void'],
    ['what the kernel wrote back', { ticks: 6000, user: 3000, system: 1200, own: 3000 }, { kernelTicks: 1200 }, 'ok'],
    ['the same, by nobody knows whom', { ticks: 6000, user: 3000, system: 1200, own: 3000 }, {}, 'void'],
    ['what sampling may be wrong by in 2 s', { ticks: 200, user: 120, own: 92 }, {}, 'ok'],
    ['the same share of two minutes', { ticks: 12000, user: 7200, own: 5520 }, {}, 'void'],
    ['a trial of 30 ms', { ticks: 3, user: 3, own: 0.2 }, {}, 'ok'],
    ['a trial that used more than was sampled', { ticks: 600, user: 200, own: 300 }, {}, 'ok'],
    ['an agent without accounting', { ticks: 600, user: 600, own: null }, {}, 'unavailable'],
    ['a CPU without ticks', { ticks: 0, own: 0 }, {}, 'unavailable'],
  ])('of %s', (_, passed, watched, expected) => {
    expect(verdict(passed, watched)).toBe(expected);
  });

  const burnt: Passed = { ticks: 6000, user: 6000, own: 3000 };

  it('is unavailable where nothing was read or both ends are on the machine, never ok', () => {
    expect(verdictOf({ guests: [guest(burnt)], machine: machine(undefined) }, 'foreign-load')).toBe('unavailable');
    expect(verdict(burnt, {}, { servesItself: true })).toBe('unavailable');
  });

  it('is noted on shared machines, and voids there only when the plan names it', () => {
    const view = { guests: [guest(burnt)], machine: machine({}, { shared: true }) };
    expect(verdictOf(view, 'foreign-load')).toBe('noted');
    expect(voidedBy(readGates(view))).toBeUndefined();
    expect(verdictOf(view, 'foreign-load', { 'foreign-load': 5 })).toBe('void');
  });

  it.each([
    ['on a shared machine that is quiet', { ticks: 6000, user: 6000, own: 5990 }, { shared: true }],
    ['where nothing can be read', { ticks: 0, own: 0 }, {}],
    ['with a service on the same machine', burnt, { servesItself: true, shared: true }],
  ])('of another agent voids %s, whatever the threshold', (_, passed: Passed, more: Partial<GatedMachine>) => {
    const otherAgents = [{ id: 4242, run: 'run-2', trial: 't0007.1', ticks: 1 }];
    const readings = readGates(
      { guests: [guest(passed)], machine: machine({ otherAgents }, more) },
      { 'foreign-load': 100 },
    );
    expect(voidedBy(readings)).toMatch(
      /^foreign-load: another agent of bench ran meanwhile: process 4242, trial t0007\.1, run run-2; /,
    );
  });

  it('of another agent in a guest with a kernel of its own voids, too', () => {
    const otherAgents = [{ id: 9, run: 'run-2', trial: 't0007.1', ticks: 1 }];
    const guests = [guest({ ticks: 6000, user: 6000, own: 5990 }, { ...QUIET, otherAgents })];
    const view = { guests, machine: machine({}, { boundary: 'hypervisor', shared: true }) };
    expect(verdictOf(view, 'foreign-load')).toBe('void');
  });

  it('names the process, without its control characters', () => {
    const strangers = [{ id: 4242, name: 'evil\u001b[2J\nname', ticks: 2990 }];
    const why = voidedBy(readGates({ guests: [guest(burnt)], machine: machine({ strangers }) }));
    expect(why).toMatch(/^foreign-load: CPU 1: 50\.0 % used by others: .* \(4242\) 49\.8 % \(limit 5\.05 %\)$/);
    expect(why).not.toMatch(/[\p{Cc}]/u);
  });

  it('counts every guest of one kernel as its own, from the first start to the last end', () => {
    const early = guest({ ticks: 4000, user: 4000, own: 2950, startNs: '900', endedNs: '1900' });
    const late = guest({ ticks: 6000, user: 6000, own: 3000 });
    const both = { guests: [early, late], machine: machine({}) };
    expect(verdictOf(both, 'foreign-load')).toBe('ok');
    expect(verdictOf({ ...both, guests: [late] }, 'foreign-load')).toBe('void');
  });

  it('is read inside guests of a hypervisor, each with its own kernel', () => {
    const hypervisor = { boundary: 'hypervisor' } as const;
    const view = (watched?: Watched) => ({ guests: [guest(burnt, watched)], machine: machine({}, hypervisor) });
    expect(verdictOf(view({ ...QUIET, kernelTicks: 3000 }), 'foreign-load')).toBe('ok');
    expect(verdictOf(view(QUIET), 'foreign-load')).toBe('void');
    expect(verdictOf(view(), 'foreign-load')).toBe('unavailable');
  });
});

describe('steal', () => {
  const stolen = guest({ ticks: 1000, user: 900, steal: 50, own: 900 });
  const host = { '1': { before: tick(0, 0), after: tick(950, 50) } };
  function tick(busy: number, steal: number) {
    return { busy, idle: 0, iowait: 0, steal };
  }

  it.each([
    ['below the host', machine({}), 'void'],
    ['from a lone guest of a hypervisor', machine({}, { boundary: 'hypervisor' }), 'void'],
    [
      'from a guest that is kept from the CPU by design',
      machine({}, { boundary: 'hypervisor', rationed: true }),
      'unavailable',
    ],
    ['from the host of such a guest', machine({ ticks: host }, { boundary: 'hypervisor', rationed: true }), 'void'],
    ['on a shared machine', machine({}, { shared: true }), 'noted'],
  ])('%s', (_, where, expected) => {
    expect(verdictOf({ guests: [stolen], machine: where }, 'steal')).toBe(expected);
  });

  it('of one tick is forgiven', () => {
    const view = { guests: [guest({ ticks: 10, steal: 1, own: 0 })], machine: machine({}) };
    expect(verdictOf(view, 'steal')).toBe('ok');
  });
});

describe('what happened to the machine', () => {
  it.each([
    ['throttling', { throttles: 1 }, 'void'],
    ['throttling', { throttles: undefined }, 'unavailable'],
    ['kernel-warnings', { warnings: ['[ 1.0] watchdog: soft lockup'] }, 'void'],
    ['kernel-warnings', { warnings: undefined }, 'unavailable'],
    ['clock-step', { clockStepMs: -51 }, 'void'],
    ['clock-step', { clockStepMs: 20 }, 'ok'],
    ['clock-step', { clockStepMs: 90, clockErrorMs: 30 }, 'void'],
    ['clock-step', { clockStepMs: 90, clockErrorMs: 60 }, 'ok'],
    ['clock-step', { clockStepMs: 0, clockErrorMs: 251 }, 'unavailable'],
    ['swap', { swappedPages: 256 }, 'ok'],
    ['swap', { swappedPages: 257 }, 'void'],
  ])('%s of %j', (id, watched, expected) => {
    expect(verdictOf({ guests: [], machine: machine(watched) }, id)).toBe(expected);
  });

  it('reports why a step of the clock is unknown', () => {
    const slow = machine({ clockStepMs: 3, clockErrorMs: 400 });
    const [reading] = readGates({ guests: [], machine: slow }).filter(({ gate }) => gate === 'clock-step');
    expect(reading?.detail).toBe(
      'reading the clock of the host takes so long that a step is known to 400 ms only (expected: 250 ms)',
    );
  });

  it('counts what happened inside guests that have a kernel of their own', () => {
    const inside = guest({ ticks: 100, own: 0 }, { ...QUIET, swappedPages: 9000 });
    const [reading] = readGates({ guests: [inside], machine: machine({}) }).filter(({ gate }) => gate === 'swap');
    expect(reading).toMatchObject({ verdict: 'void', value: 9000, detail: 'guest 0 swapped 9000 pages' });
  });

  it('is never ok without a reading', () => {
    const readings = readGates({ guests: [], machine: machine(undefined) });
    expect([...new Set(readings.map(({ verdict }) => verdict))]).toEqual(['unavailable']);
  });

  it('includes controls that were changed meanwhile, where some are in force', () => {
    const drift = [
      { check: 'control governor', expected: 'performance', found: 'powersave', verdict: 'differs' },
    ] as const;
    expect(verdictOf({ guests: [], machine: machine({}) }, 'control-drift')).toBeUndefined();
    expect(verdictOf({ guests: [], machine: machine({}, { drift: [] }) }, 'control-drift')).toBe('ok');
    expect(voidedBy(readGates({ guests: [], machine: machine({}, { drift }) }))).toBe(
      'control-drift: control governor was performance, is powersave (limit 0)',
    );
  });
});
