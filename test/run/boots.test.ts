import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { native } from '../../harness/platforms/native/index.js';
import { execute } from '../../harness/run/execute.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import type { World } from '../../harness/run/session/world.js';
import { loadRun } from '../../harness/store/index.js';
import type { HostConfig, LoadedRun, TargetConfig } from '../../harness/types.js';
import { dummySuite } from './dummy-suite.js';
import { bootAfter, rebootingHost, type RebootingHost } from './rebooting-host.js';

const target: TargetConfig = {
  id: 'linux-up',
  host: 'alpha',
  platform: 'native',
  shape: { cpus: [cpus().length - 1] },
  options: {},
};

// Void trials are repeated, each with controls to set again: on a busy machine that adds up.
vi.setConfig({ testTimeout: 240_000 });

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bench-boots-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs trials of one target on a host that can be restarted; `see` is called with every event. */
async function run(
  host: RebootingHost,
  options: { boots?: number; mayReboot?: boolean; see?: (event: RunEvent) => void } = {},
): Promise<LoadedRun> {
  const { boots, mayReboot = false, see } = options;
  const suite = dummySuite();
  const config: HostConfig = {
    id: 'alpha',
    connect: { via: 'ssh', destination: 'alpha' },
    workDir: join(directory, 'work'),
  };
  const world: World = {
    connect: () => Promise.resolve(host.connection),
    platforms: new Map([['native', native]]),
    suites: new Map([[suite.id, suite]]),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const plan = makePlan({
    seed: 1,
    profile: 'quick',
    suites: [suite],
    targets: [target],
    trials: 3,
    ...(boots && { boots }),
  });
  const runsDir = join(directory, 'runs');
  let id = '';
  const signal = new AbortController().signal;
  await execute(world, { hosts: new Map([['alpha', config]]), plan, runsDir, signal, mayReboot }, (event) => {
    if (event.kind === 'opened') id = event.run;
    see?.(event);
  });
  return loadRun(runsDir, id);
}

const hostFacts = ({ journal }: LoadedRun): (string | undefined)[] =>
  journal.flatMap((entry) => (entry.event === 'facts' && entry.of === 'host alpha' ? [entry.boot] : []));

describe('facts of a host', () => {
  it('are in the journal once for each boot that was measured in', async () => {
    const host = rebootingHost();
    const loaded = await run(host, {
      see: (event) => {
        if (event.kind === 'trial-ended' && event.position === 2 && host.reboots() === 0) host.restart();
      },
    });
    expect(new Set(loaded.records.map(({ boot }) => boot))).toEqual(new Set([bootAfter(0), bootAfter(1)]));
    expect(hostFacts(loaded)).toEqual([bootAfter(0), bootAfter(1)]);
  });
});

describe('a plan with boots', () => {
  it('is measured in boots that the run makes, which the journal lists with what they took', async () => {
    const host = rebootingHost();
    const loaded = await run(host, { boots: 2, mayReboot: true });
    expect(host.reboots()).toBe(2);
    // On a busy machine trials are void, and repeated in the same boot.
    expect([...new Set(loaded.records.map(({ trial, boot }) => `${trial} ${boot ?? ''}`))]).toEqual([
      `t0001 ${bootAfter(1)}`,
      `t0002 ${bootAfter(1)}`,
      `t0003 ${bootAfter(2)}`,
    ]);
    const booted = loaded.journal.filter((entry) => entry.event === 'booted');
    expect(booted.map(({ boot, ordinal }) => [boot, ordinal])).toEqual([
      [bootAfter(1), 1],
      [bootAfter(2), 2],
    ]);
    expect(hostFacts(loaded)).toEqual([bootAfter(1), bootAfter(2)]);
  });

  it('is measured in no boot where hosts may not be rebooted', async () => {
    const host = rebootingHost();
    const problems: string[] = [];
    const see = (event: RunEvent): void => {
      if (event.kind === 'problem') problems.push(event.problem.message);
    };
    const loaded = await run(host, { boots: 2, see });
    expect(host.reboots()).toBe(0);
    expect(loaded.records).toEqual([]);
    expect(problems).toEqual(['the host is in another boot than the target needs']);
  });
});
