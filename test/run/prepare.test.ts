import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { native } from '../../harness/platforms/native/index.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { prepareTargets } from '../../harness/run/prepare.js';
import type { World } from '../../harness/run/session/world.js';
import { describeTools } from '../../harness/run/trial/install.js';
import type {
  Connection,
  ExecResult,
  Executor,
  HostConfig,
  Platform,
  Suite,
  TargetConfig,
  Tool,
} from '../../harness/types.js';
import { dummySuite } from './dummy-suite.js';

let place = '';
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-run-prepare-'));
});
afterAll(() => rm(place, { recursive: true, force: true }));

/** A world with one platform on this machine, and a host with its work directory in `place`. */
function worldOf(platform: Platform, suites: readonly Suite[] = []): { world: World; config: HostConfig } {
  const world: World = {
    connect: () => Promise.resolve(connectLocal()),
    platforms: new Map([[platform.id, platform]]),
    suites: new Map(suites.map((suite) => [suite.id, suite])),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  return { world, config: { id: 'here', connect: { via: 'local' }, workDir: join(place, 'work') } };
}

it('a target of another boot is refused as such, before its platform is asked or anything is installed', async () => {
  const asked: string[] = [];
  const platform: Platform = {
    ...native,
    probe: (host, target) => {
      asked.push(target?.id ?? '');
      return native.probe(host, target);
    },
  };
  const { world, config: plain } = worldOf(platform);
  const config: HostConfig = {
    ...plain,
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

describe('packages that guests lack', () => {
  const ROOTFS = '/srv/root';
  const guestTarget = (options: TargetConfig['options']): TargetConfig => ({
    ...{ id: 'boxed', host: 'here', platform: 'boxes', shape: { cpus: [0] } },
    options,
  });

  /** Guests are copied from a root file system: what is installed in one of them is gone when it is removed. */
  function machine() {
    const log: string[] = [];
    const inRootfs = new Set<string>();
    const answer = (stdout: string, code = 0): ExecResult => ({
      exit: { kind: 'code', code },
      ...{ stdout, stderr: '', stdoutBytes: Buffer.from(stdout), durationMs: 0 },
    });
    /** Answers dpkg and apt-get, with packages that are known by `has`. */
    const debian = (executor: Executor, where: string, has: Set<string>): Executor => ({
      ...executor,
      exec: async (command) => {
        const words = command.argv.slice(command.argv.indexOf(ROOTFS) + 1);
        if (words[0] === 'dpkg-query') return answer([...has].map((name) => `${name} installed\n`).join(''));
        if (words.includes('apt-get') && words.includes('install')) {
          log.push(`${where}: ${words.slice(words.indexOf('--') + 1).join(' ')}`);
          for (const name of words.slice(words.indexOf('--') + 1)) has.add(name);
          return answer('');
        }
        if (words.join(' ').includes('command -v dpkg-query')) return answer('0\n');
        return executor.exec(command);
      },
    });
    const platform: Platform = {
      ...native,
      id: 'boxes',
      boundary: 'container',
      start: async (host, spec) => {
        const guest = await native.start(host, spec);
        log.push('start');
        return { ...guest, executor: debian(guest.executor, 'guest', new Set(inRootfs)), stop: () => guest.stop() };
      },
      reap: () => {
        log.push('reap');
        return Promise.resolve([]);
      },
    };
    const dummy = dummySuite();
    const suite: Suite = {
      ...dummy,
      needs: { ...dummy.needs, packages: ['postmark'] },
      install: async (guest) => {
        const { stdout } = await guest.executor.exec({ argv: ['dpkg-query'] });
        if (!stdout.includes('postmark installed')) throw new Error('postmark is missing');
        return dummy.install(guest);
      },
    };
    const { world, config } = worldOf(platform, [suite]);
    const connect = (): Promise<Connection> => {
      const connection = connectLocal();
      return Promise.resolve({ ...debian(connection, 'rootfs', inRootfs), close: () => connection.close() });
    };
    return { log, suite, world: { ...world, connect }, config };
  }

  async function prepared(options: TargetConfig['options'], intoRootfs: boolean) {
    const { log, suite, world, config } = machine();
    const events: RunEvent[] = [];
    const ready = await prepareTargets(
      world,
      {
        hosts: new Map([['here', config]]),
        targets: [guestTarget(options)],
        suites: [suite],
        profile: 'quick',
        intoRootfs,
        signal: new AbortController().signal,
      },
      (event) => events.push(event),
    );
    const problems = events.flatMap((event) => (event.kind === 'problem' ? [event.problem] : []));
    const lines = events.flatMap((event) => (event.kind === 'preparing' ? [event.what] : []));
    return { ready, log, problems, lines };
  }

  it('are named with the root file system that guests are copied from, and installed nowhere', async () => {
    const { ready, log, problems, lines } = await prepared({ rootfs: ROOTFS }, false);
    expect(problems).toMatchObject([
      {
        stage: 'prepare',
        target: 'boxed',
        message: 'guests of target boxed are copies of options.rootfs, which lacks packages: postmark',
        found: ROOTFS,
        hint: '`bench prepare --into-rootfs` installs them there; by hand: chroot /srv/root apt-get install --no-install-recommends postmark',
      },
    ]);
    expect([ready, log]).toEqual([false, ['start', 'reap']]);
    expect(lines.join('\n')).not.toContain('is ready');
  });

  it('are installed into the root file system with consent, while no guest uses it', async () => {
    const { ready, log, problems, lines } = await prepared({ rootfs: ROOTFS }, true);
    expect([problems, ready]).toEqual([[], true]);
    expect(log).toEqual(['start', 'reap', 'rootfs: postmark', 'start', 'reap']);
    expect(lines.filter((line) => /installed|ready/.test(line))).toEqual([
      'here: /srv/root: installed postmark',
      expect.stringMatching(/^target boxed: suite .* is ready \(/),
    ]);
  });

  it('cannot be installed into an image', async () => {
    const { ready, log, problems } = await prepared({ image: 'debian:13' }, true);
    expect(problems).toMatchObject([
      { message: /copies of options.image/, hint: 'make the image with these packages' },
    ]);
    expect([ready, log]).toEqual([false, ['start', 'reap']]);
  });
});

it('the tools of a suite are listed by where they come from', () => {
  const tool = (origin: Tool['origin']): Tool => ({ path: '/x', origin, version: '1' });
  expect(describeTools({ tools: { probe: tool('project'), sh: tool('target') } })).toBe(
    'built from this project: probe; found on the target: sh',
  );
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, tool('target')]));
  expect(describeTools({ tools: many })).toBe('found on the target: a, b, c, d, e and 2 more');
});
