import { describe, expect, it } from 'vitest';
import { limitsOf } from '../../../harness/host/limits.js';
import { reasonIn } from '../../../harness/platforms/lxc/index.js';
import { lxcConfig, lxcOptions, type LxcOptions } from '../../../harness/platforms/lxc/config.js';
import { pathsOf } from '../../../harness/platforms/lxc/paths.js';
import type { Shape } from '../../../harness/types.js';

const shape: Shape = { cpus: [1, 2, 3], cpuWeight: 50, cpuCap: 1.5, memoryBytes: 2 ** 30 };
const paths = pathsOf({ workDir: '/var/lib/bench' }, 'bench-a1-lxc-up-0');
const config = (version: 1 | 2, network: Partial<LxcOptions> = {}): readonly string[] =>
  lxcConfig(
    paths,
    { rootfs: '/srv/root', ...network },
    limitsOf(shape, () => version),
    () => version,
  ).split('\n');

describe('lxcConfig', () => {
  it.each([
    [1, 'lxc.cgroup.cpuset.cpus = 1-3', 'lxc.cgroup.cpu.shares = 512', 'lxc.cgroup.cpu.cfs_quota_us = 150000'],
    [2, 'lxc.cgroup2.cpuset.cpus = 1-3', 'lxc.cgroup2.cpu.weight = 50', 'lxc.cgroup2.cpu.max = 150000 100000'],
  ] as const)('writes the limits of cgroup version %i under its keys only', (version, ...expected) => {
    const lines = config(version);
    expect(lines).toEqual(expect.arrayContaining([...expected]));
    expect(lines.some((line) => line.startsWith(`lxc.cgroup${version === 1 ? '2' : ''}.cpu`))).toBe(false);
  });

  it('makes guests siblings in one group of the work directory', () => {
    const [line] = config(2).filter((candidate) => candidate.startsWith('lxc.cgroup.dir.container ='));
    expect(line).toMatch(/^lxc\.cgroup\.dir\.container = bench-[0-9a-f]{8}\/bench-a1-lxc-up-0$/);
    expect(pathsOf({ workDir: '/other' }, 'bench-x').group).not.toBe(paths.group);
  });

  it('keeps the guest off the network unless a bridge is given', () => {
    expect(config(2)).toContain('lxc.net.0.type = empty');
    expect(config(2, { bridge: 'br0' })).toEqual(
      expect.arrayContaining(['lxc.net.0.type = veth', 'lxc.net.0.link = br0']),
    );
  });

  it('lets a guest on the network of its host change nothing of it', () => {
    const lines = config(2, { network: 'host' });
    expect(lines).toContain('lxc.net.0.type = none');
    expect(lines.find((line) => line.startsWith('lxc.cap.drop'))).toMatch(/ net_admin\b/);
    const mounts = lines.filter((line) => line.startsWith('lxc.mount.'));
    expect(mounts[0]).toMatch(/^lxc\.mount\.auto = proc:mixed/);
    expect(mounts).toContain('lxc.mount.entry = /proc/sys/net proc/sys/net none bind,ro 0 0');
    expect(lxcOptions.safeParse({ rootfs: '/r', network: 'host' }).success).toBe(true);
    expect(lxcOptions.safeParse({ rootfs: '/r', network: 'host', bridge: 'br0' }).success).toBe(false);
    expect(lxcOptions.safeParse({ rootfs: '/r', network: 'none' }).success).toBe(false);
  });
});

describe('pathsOf', () => {
  it.each(['x', 'bench-', 'bench-A', 'bench-a/b', 'bench-..', 'bench-a b', `bench-${'a'.repeat(59)}`])(
    'refuses the name %j',
    (name) => {
      expect(() => pathsOf({ workDir: '/w' }, name)).toThrow(/guest name/);
    },
  );

  it.each(['relative', '/', '/a b', '/a:b', '/a,b', '/a\nb', '/a//b', '/a/', '/a/../b', "/it's"])(
    'refuses the work directory %j',
    (workDir) => {
      expect(() => pathsOf({ workDir }, 'bench-a')).toThrow(/work directory/);
    },
  );
});

describe('reasonIn', () => {
  it('is the errors without their ornaments, the cause first', () => {
    const log = [
      'lxc-start bench-c 20261121074251.204 WARN     cgfsng - ../src/lxc/cgroups/cgfsng.c:f:1 - just a warning',
      'lxc-start bench-c 20261121074251.210 ERROR    cgfsng - ../src/lxc/cgroups/cgfsng.c:g:2853 - Invalid argument - No 4000',
      'lxc-start bench-c 20261121074251.211 ERROR    start - ../src/lxc/start.c:lxc_spawn:1802 - Failed to setup limits',
      '',
    ].join('\n');
    expect(reasonIn(log)).toBe('Invalid argument - No 4000; Failed to setup limits');
  });

  it('does not invent a reason', () => {
    expect(reasonIn('')).toBe('it left no reason in its log');
  });
});
