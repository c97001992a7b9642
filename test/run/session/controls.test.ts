import { execFileSync } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { applyControls } from '../../../harness/host/controls/apply.js';
import { wantedControls } from '../../../harness/host/controls/wanted.js';
import { native } from '../../../harness/platforms/native/index.js';
import type { RunEvent } from '../../../harness/run/session/events.js';
import { execute } from '../../../harness/run/execute.js';
import { makePlan } from '../../../harness/run/plan/plan.js';
import { setControls, type ControlsInForce } from '../../../harness/run/session/controls.js';
import { prepareTargets } from '../../../harness/run/prepare.js';
import type { World } from '../../../harness/run/session/world.js';
import { loadRun } from '../../../harness/store/index.js';
import type { Connection, HostConfig, LoadedRun, TargetConfig } from '../../../harness/types.js';
import { plantAgent } from '../../agent/compiled.js';
import { dummySuite } from '../dummy-suite.js';

// A real setting that belongs to a network namespace, which is the test's own: TCP congestion control.

const TCP = '/proc/sys/net/ipv4/tcp_congestion_control';
const name = `bench-run-controls-${process.pid}`;
const isRoot = process.getuid?.() === 0;
const target: TargetConfig = {
  id: 'linux-up',
  host: 'here',
  platform: 'native',
  shape: { cpus: [cpus().length - 1] },
  options: {},
};

let place = '';
let original = '';
let other = '';
const now = (): string => execFileSync('ip', ['netns', 'exec', name, 'cat', TCP], { encoding: 'utf8' }).trim();
const change = (value: string): void => {
  execFileSync('ip', ['netns', 'exec', name, 'sh', '-c', `echo "$1" >${TCP}`, 'sh', value]);
};

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-run-controls-'));
  if (!isRoot) return;
  await plantAgent(join(place, 'work'));
  execFileSync('ip', ['netns', 'add', name]);
  original = now();
  other = original === 'reno' ? 'cubic' : 'reno';
});
afterEach(async () => {
  if (isRoot) execFileSync('ip', ['netns', 'del', name]);
  await rm(place, { recursive: true, force: true });
});

function worldOf(suite: ReturnType<typeof dummySuite>): World {
  const local = connectLocal();
  const inside: Connection = {
    ...local,
    exec: (command) => local.exec({ ...command, argv: ['nsenter', `--net=/run/netns/${name}`, ...command.argv] }),
  };
  return {
    connect: () => Promise.resolve(inside),
    platforms: new Map([['native', native]]),
    suites: new Map([[suite.id, suite]]),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
}

const hosts = (): ReadonlyMap<string, HostConfig> =>
  new Map([
    [
      'here',
      {
        id: 'here',
        connect: { via: 'local' },
        workDir: join(place, 'work'),
        controls: { 'tcp-congestion': other },
      },
    ],
  ]);

async function run(
  script: string,
  targets = [target],
  configs = hosts(),
): Promise<{ events: RunEvent[]; loaded: LoadedRun }> {
  const argv = ['/bin/sh', '-c', script] as const;
  const steps = [{ name: 'answer', phase: 'measure', argv, limitSeconds: 20, yields: ['answer'] }] as const;
  const suite = dummySuite({ steps });
  // The first of the targets comes first.
  const plans = Array.from({ length: 50 }, (_, seed) =>
    makePlan({ seed, profile: 'quick', suites: [suite], targets, trials: 1 }),
  );
  const plan = plans.find(({ trials }) => trials[0]?.target === targets[0]?.id) as (typeof plans)[number];
  const events: RunEvent[] = [];
  const options = { hosts: configs, plan, runsDir: join(place, 'runs'), signal: new AbortController().signal };
  await execute(worldOf(suite), options, (event) => events.push(event));
  const opened = events.find((event) => event.kind === 'opened');
  return { events, loaded: await loadRun(options.runsDir, opened?.run ?? '') };
}

it.skipIf(!isRoot)(
  'controls are in force while a trial runs, recorded, and restored at the end (needs root)',
  async () => {
    const { events, loaded } = await run(`cat ${TCP} >&2; echo value 42`);
    expect(events.at(-1)).toMatchObject({ kind: 'closed', collected: 1 });
    const [raw] = [...loaded.raw.values()].map((bytes) => new TextDecoder().decode(bytes));
    expect(raw).toContain(`\n${other}\n`);
    const facts = loaded.journal.flatMap((entry) => (entry.event === 'facts' ? [entry] : []));
    expect(facts.find(({ of }) => of === 'controls of host here')?.facts['tcp-congestion']).toEqual({
      expected: other,
      found: `${other} (was ${original})`,
      verdict: 'ok',
    });
    expect(facts.find(({ of }) => of === 'host here')?.facts['congestionControl']).toBe(other);
    expect(now()).toBe(original);
    await expect(access(join(place, 'work', 'controls', 'journal'))).rejects.toThrow('ENOENT');
  },
);

it.skipIf(!isRoot)(
  'what a killed run left is restored by the next bench that locks the host (needs root)',
  async () => {
    const config = hosts().get('here') as HostConfig;
    const suite = dummySuite();
    const executor = await worldOf(suite).connect(config);
    const host = { id: 'here', executor, workDir: join(place, 'work') };
    await executor.exec({ argv: ['mkdir', '-p', host.workDir] });
    await applyControls(host, wantedControls(config), { run: 'dead', who: 'w', pinned: [], since: 's' });
    expect(now()).toBe(other);
    const request = { hosts: hosts(), targets: [target], suites: [suite], profile: 'quick' as const };
    expect(
      await prepareTargets(worldOf(suite), { ...request, signal: new AbortController().signal }, () => undefined),
    ).toBe(true);
    expect(now()).toBe(original);
  },
);

it.skipIf(!isRoot)(
  'a control that a trial changes has drifted, is set again, and restored all the same (needs root)',
  async () => {
    const { loaded } = await run(`echo ${original} >${TCP}; echo value 42`);
    const readings = loaded.records.map(({ gates = [] }) => gates.find(({ gate }) => gate === 'control-drift'));
    expect(readings[0]).toMatchObject({ value: 1, detail: `control tcp-congestion was ${other}, is ${original}` });
    expect(now()).toBe(original);
  },
);

it.skipIf(!isRoot)(
  'controls are in force also for what can be measured after a target that needs another boot (needs root)',
  async () => {
    const boots = { other: { select: { grub: 'other' }, expect: { commandLine: ['no-kernel-has-this-word'] } } };
    const config = { ...(hosts().get('here') as HostConfig), boots };
    const elsewhere = { ...target, id: 'elsewhere', boot: 'other' };
    const { events, loaded } = await run(
      `cat ${TCP} >&2; echo value 42`,
      [elsewhere, target],
      new Map([['here', config]]),
    );
    expect(loaded.stored.plan.trials[0]?.target).toBe('elsewhere');
    expect(events.at(-1)).toMatchObject({ kind: 'closed', collected: 1, skipped: 1 });
    const [raw] = [...loaded.raw.values()].map((bytes) => new TextDecoder().decode(bytes));
    expect(raw).toContain(`\n${other}\n`);
    expect(now()).toBe(original);
  },
);

describe('the controls of a run', () => {
  async function set(underWay: boolean): Promise<ControlsInForce> {
    const config = hosts().get('here') as HostConfig;
    const world = worldOf(dummySuite());
    const executor = await world.connect(config);
    const host = { id: 'here', config, executor, workDir: join(place, 'work') };
    await executor.exec({ argv: ['mkdir', '-p', host.workDir] });
    return setControls(world, host, { run: 'r', pinned: [], underWay });
  }

  it.skipIf(!isRoot)('that somebody changed between trials are set before the next one (needs root)', async () => {
    const controls = await set(false);
    expect(await controls.beforeTrial()).toEqual([]);
    change(original);
    expect(await controls.beforeTrial()).toMatchObject([
      {
        check: 'control tcp-congestion',
        expected: other,
        found: original,
        verdict: 'differs',
        hint: 'it is set again',
      },
    ]);
    expect(now()).toBe(other);
    expect(await controls.drift()).toEqual([]);
    await controls.restore();
    expect(now()).toBe(original);
  });

  it.skipIf(!isRoot)('void a trial that went on under other ones while no bench was there (needs root)', async () => {
    await set(false);
    expect(await (await set(true)).drift()).toEqual([]);
    change(original);
    const controls = await set(true);
    expect(await controls.drift()).toMatchObject([{ check: 'controls of the host', verdict: 'differs' }]);
    await controls.beforeTrial();
    expect(await controls.drift()).toEqual([]);
    await controls.restore();
    expect(now()).toBe(original);
  });
});
