import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../harness/connect/fake.js';
import type { CgroupView } from '../../harness/host/cgroup.js';
import { cutAtGuest } from '../../harness/platforms/container/groups.js';
import { directoryOptions, imageOptions } from '../../harness/platforms/container/options.js';
import { guestsOf, pathsOf } from '../../harness/platforms/container/paths.js';
import { docker } from '../../harness/platforms/docker/index.js';
import { guestOptions, labelOptions, limitOptions, sharesOf } from '../../harness/platforms/engine/run.js';
import { bundleConfig } from '../../harness/platforms/runc/bundle.js';
import type { Host, Shape } from '../../harness/types.js';
import { ConformanceTable } from './conformance-table.js';

// What no engine is needed for: arguments, bundles and groups, on both interfaces of control groups.

const shape: Shape = { cpus: [1, 2, 3], cpuWeight: 700 / 3, cpuCap: 1.5, memoryBytes: 2 ** 30 };
const paths = pathsOf({ workDir: '/var/lib/bench' }, 'runc', 'bench-a1-up-0');

describe('the group of a guest', () => {
  const group = 'bench_0123abcd';
  const view = (path: string): CgroupView => ({
    mounts: [{ version: 2, controllers: [], root: '/', mountPoint: '/sys/fs/cgroup' }],
    memberships: [{ version: 2, controllers: [], path }],
  });
  const cut = (path: string): string | undefined => cutAtGuest(view(path), group)?.memberships[0]?.path;

  it.each([
    ['as a runtime makes it', `/${group}/bench-x`, `/${group}/bench-x`],
    ['below which nspawn puts what it starts', `/${group}/bench-x/payload`, `/${group}/bench-x`],
    ['of an engine on systemd', `/${group}.slice/docker-0f3a.scope`, `/${group}.slice/docker-0f3a.scope`],
    ['in a host that is a group itself', `/lab/alpha/${group}/libpod-1/container`, `/lab/alpha/${group}/libpod-1`],
    ['that is another one', '/user.slice/user-0.slice/session-1.scope', undefined],
    ['whose name only begins alike', `/${group}e/bench-x`, undefined],
    ['that is the parent itself', `/${group}`, undefined],
  ])('%s', (_, path, expected) => {
    expect(cut(path)).toBe(expected);
  });

  it('has a parent that no other platform or work directory has, without a dash', () => {
    const groups = [
      guestsOf({ workDir: '/a' }, 'runc'),
      guestsOf({ workDir: '/a' }, 'docker'),
      guestsOf({ workDir: '/b' }, 'runc'),
    ].map((each) => each.group);
    expect(new Set(groups).size).toBe(3);
    for (const each of groups) expect(each).toMatch(/^bench_[0-9a-f]{8}$/);
  });
});

describe('the options of an engine', () => {
  it.each([
    [1, '--cpu-shares=2389'],
    [2, '--cpu-shares=6085'],
  ] as const)('give a shape on version %i', (version, shares) => {
    expect(limitOptions(shape, version)).toEqual([
      '--cpuset-cpus=1-3',
      shares,
      '--cpu-period=100000',
      '--cpu-quota=150000',
      '--memory=1073741824b',
    ]);
    expect(limitOptions({ cpus: [0] }, version)).toEqual(['--cpuset-cpus=0']);
  });

  it('ask for shares that become the weight on version 2', () => {
    const weightOf = (shares: number): number => 1 + Math.floor(((shares - 2) * 9999) / 262_142);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (weight) => {
        expect(weightOf(sharesOf(weight, 2))).toBe(weight);
      }),
    );
  });

  it('filter system calls as the engine does unless `unconfined` is requested', () => {
    const options = { rootfs: '/r', network: 'none', seccomp: 'default' } as const;
    expect(guestOptions(paths, options, '/p').some((option) => option.includes('seccomp'))).toBe(false);
    expect(guestOptions(paths, { ...options, seccomp: 'unconfined' }, '/p')).toContain(
      '--security-opt=seccomp=unconfined',
    );
  });

  it('distinguish one request from another', () => {
    const { spec } = labelOptions(paths, ['--memory=1b']);
    expect(labelOptions(paths, ['--memory=1b']).spec).toBe(spec);
    expect(labelOptions(paths, ['--memory=2b']).spec).not.toBe(spec);
  });
});

describe('the bundle of runc', () => {
  const config = (version: 1 | 2, asked = shape) =>
    bundleConfig(paths, { rootfs: '/r', network: 'none' }, asked, () => version);

  it('has the limits of version 1 in members of the specification', () => {
    expect(config(1)).toMatchObject({
      linux: {
        cgroupsPath: `/${paths.group}/${paths.name}`,
        resources: { cpu: { cpus: '1-3', shares: 2389, quota: 150_000, period: 100_000 }, memory: { limit: 2 ** 30 } },
      },
    });
  });

  it('has the weight of version 2 as the kernel takes it', () => {
    expect(config(2)).toMatchObject({
      linux: { resources: { cpu: { cpus: '1-3', quota: 150_000, period: 100_000 }, unified: { 'cpu.weight': '233' } } },
    });
    expect(JSON.stringify(config(2))).not.toContain('shares');
  });

  it('sets no limit that was not requested', () => {
    expect(config(2, { cpus: [0] })).toMatchObject({ linux: { resources: { cpu: { cpus: '0' } } } });
    expect(JSON.stringify(config(2, { cpus: [0] }))).not.toMatch(/quota|unified|limit/);
  });
});

describe('options', () => {
  it.each([
    [{ rootfs: '/r' }, true],
    [{ image: 'debian:12' }, true],
    [{ image: 'registry.example/a/b@sha256:00' }, true],
    [{}, false],
    [{ rootfs: '/r', image: 'x' }, false],
    [{ image: '--privileged' }, false],
    [{ rootfs: '/a:b' }, false],
    [{ rootfs: '/r', network: 'bridge' }, false],
    [{ rootfs: '/r', seccomp: 'off' }, false],
  ])('of an engine: %j', (options, taken) => {
    expect(imageOptions.safeParse(options).success).toBe(taken);
  });

  it.each([
    [{ rootfs: '/r', network: 'host' }, true],
    [{ rootfs: 'r' }, false],
    [{ rootfs: '/r', image: 'x' }, false],
    [{}, false],
  ])('of a directory: %j', (options, taken) => {
    expect(directoryOptions.safeParse(options).success).toBe(taken);
  });
});

describe('a probe', () => {
  const host: Host = {
    id: 'far',
    config: { id: 'far', connect: { via: 'local' } },
    workDir: '/w',
    executor: fakeConnection([
      {
        when: ['sh', '-c'],
        answer: {
          stdout:
            'root\t\ndocker\t\nengine\tCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running? \n',
        },
      },
    ]),
  };

  it("reports the tool's reason why a guest cannot start", async () => {
    const wrong = (await docker.probe(host)).filter(({ verdict }) => verdict === 'differs');
    expect(wrong.map(({ check, found }) => [check, found])).toEqual([
      ['engine', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is it running?'],
      ['cgroup controllers', 'no cpuset, cpu, memory'],
    ]);
    expect(wrong[0]?.hint).toMatch(/systemctl start docker/);
  });
});

describe('the table of conformance', () => {
  it('shows one failure among several, what was not tried, and what cannot be', () => {
    const table = new ConformanceTable();
    table.record('lxc', 'exit', true);
    table.record('lxc', 'exit', false);
    table.record('lxc', 'exit', true);
    table.absent('xen', 'no hypervisor');
    const [, , lxc = '', xen = ''] = table.render().split('\n');
    expect(lxc.split(/\s+/)).toEqual(['lxc', '-', '-', 'NO', ...Array<string>(10).fill('-')]);
    expect(xen).toMatch(/^xen +not hosted here: no hypervisor$/);
  });
});
