import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { placeOf, readCgroupMounts, readMemberships, viewCgroups } from '../../harness/host/cgroup.js';
import { fixture } from './fixture.js';

const recorded = (name: string) => ({
  mounts: readCgroupMounts(fixture(`cgroup/${name}.mountinfo`)),
  memberships: readMemberships(fixture(`cgroup/${name}.cgroup`)),
});

describe('placeOf on whole hosts', () => {
  it.each([
    ['hybrid', 'cpu', 1, '/sys/fs/cgroup/cpu'],
    ['hybrid', 'memory', 1, '/sys/fs/cgroup/memory/service/one'],
    ['hybrid', 'cpuset', 1, '/sys/fs/cgroup/cpuset'],
    ['hybrid', 'hugetlb', 2, '/sys/fs/cgroup/unified'],
    ['v1', 'cpu', 1, '/sys/fs/cgroup/cpu,cpuacct/system.slice/sshd.service'],
    ['v1', 'cpuacct', 1, '/sys/fs/cgroup/cpu,cpuacct/system.slice/sshd.service'],
    ['v1', 'name=systemd', 1, '/sys/fs/cgroup/systemd/user.slice/user-0.slice/session-1.scope'],
    ['v2', 'cpu', 2, '/sys/fs/cgroup/system.slice'],
    ['v2', 'memory', 2, '/sys/fs/cgroup/system.slice'],
  ])('%s host: %s is in version %i', (host, controller, version, directory) => {
    expect(placeOf(controller, recorded(host))).toEqual({ version, directory });
  });

  it.each([
    ['v1', 'pids', 'a hierarchy that is not mounted'],
    ['v1', 'nonsense', 'a controller that nobody has'],
  ])('%s host: none for %s, %s', (host, controller) => {
    expect(placeOf(controller, recorded(host))).toBeUndefined();
  });
});

describe('readCgroupMounts', () => {
  const line = (root: string, point: string, rest: string): string =>
    `40 30 0:30 ${root} ${point} rw shared:9 - ${rest}\n`;

  it('takes mount options for no controllers', () => {
    const mounts = readCgroupMounts(fixture('cgroup/v1.mountinfo'));
    expect(mounts.map(({ controllers }) => controllers)).toEqual([
      ['name=systemd'],
      ['cpuacct', 'cpu'],
      ['memory'],
      ['cpuset'],
    ]);
  });

  it('undoes the escapes of the kernel', () => {
    const [mount] = readCgroupMounts(line('/a\\040b', '/mnt/with\\040blank\\134', 'cgroup cgroup rw,cpu'));
    expect(mount).toMatchObject({ root: '/a b', mountPoint: '/mnt/with blank\\' });
  });

  it('lets a later mount cover an earlier one', () => {
    const text = line('/', '/sys/fs/cgroup', 'cgroup2 cgroup2 rw') + line('/', '/sys/fs/cgroup', 'tmpfs tmpfs rw');
    expect(readCgroupMounts(text)).toEqual([]);
  });

  it('finds a group below the part of a hierarchy that is mounted, and none outside of it', () => {
    const mounts = readCgroupMounts(line('/docker/abc', '/sys/fs/cgroup/cpu', 'cgroup cgroup ro,cpu'));
    const at = (path: string) => placeOf('cpu', { mounts, memberships: readMemberships(`3:cpu:${path}\n`) });
    expect(at('/docker/abc')?.directory).toBe('/sys/fs/cgroup/cpu');
    expect(at('/docker/abc/x')?.directory).toBe('/sys/fs/cgroup/cpu/x');
    expect(at('/docker/abcd')).toBeUndefined();
    expect(at('/')).toBeUndefined();
  });
});

describe('readMemberships', () => {
  it('keeps colons in paths and drops the mark of a removed group', () => {
    expect(readMemberships('0::/a:b (deleted)\n')).toEqual([{ version: 2, controllers: [], path: '/a:b' }]);
  });

  it('skips what has another form', () => {
    expect(readMemberships('nonsense\n1:cpu\n:::\n')).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('viewCgroups on this machine (skipped where it is not Linux)', () => {
  it('sees its own groups', async () => {
    const view = await viewCgroups(connectLocal(), 'self');
    expect(view?.memberships.length).toBeGreaterThan(0);
  });

  it('is undefined when there is no such process', async () => {
    expect(await viewCgroups(connectLocal(), 2 ** 30)).toBeUndefined();
  });
});
