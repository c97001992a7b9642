import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { native } from '../../harness/platforms/native/index.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { prepareTargets } from '../../harness/run/prepare.js';
import type { World } from '../../harness/run/session/world.js';
import type { HostConfig, Platform, TargetConfig } from '../../harness/types.js';

let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-run-prepare-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

it('a target of another boot is refused as such, before its platform is asked or anything is installed', async () => {
  const asked: string[] = [];
  const platform: Platform = {
    ...native,
    probe: (host, target) => {
      asked.push(target?.id ?? '');
      return native.probe(host, target);
    },
  };
  const world: World = {
    connect: () => Promise.resolve(connectLocal()),
    platforms: new Map([['native', platform]]),
    suites: new Map(),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const config: HostConfig = {
    id: 'here',
    connect: { via: 'local' },
    workDir: join(place, 'work'),
    boots: { other: { select: { grub: 'other' }, expect: { commandLine: ['no-kernel-has-this-word'] } } },
  };
  const here: TargetConfig = { id: 'here', host: 'here', platform: 'native', shape: { cpus: [0] }, options: {} };
  const elsewhere: TargetConfig = { ...here, id: 'elsewhere', boot: 'other' };
  const events: RunEvent[] = [];
  const options = {
    hosts: new Map([['here', config]]),
    targets: [elsewhere, here],
    suites: [],
    profile: 'quick' as const,
    signal: new AbortController().signal,
  };
  expect(await prepareTargets(world, options, (event) => events.push(event))).toBe(false);
  const problems = events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : []));
  expect(problems).toMatchObject([
    {
      host: 'here',
      target: 'elsewhere',
      message: 'the host is in another boot than the target needs',
      hint: expect.stringContaining('bench boot --target elsewhere') as string,
    },
  ]);
  expect(new Set(asked)).toEqual(new Set(['here']));
});
