import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readCodename, readSources } from '../../harness/lab/archive.js';
import { readHierarchies } from '../../harness/lab/cgroups.js';
import { labTargetCpus } from '../../harness/lab/cpus.js';
import { exclusively, ifFree } from '../../harness/lab/exclusive.js';
import { checkHostsFile, hostsFileContent, isMadeByLab, writeHostsFile } from '../../harness/lab/hosts-file.js';
import { ROOTFS_PACKAGES } from '../../harness/lab/packages.js';
import { checkHostNames, labPaths } from '../../harness/lab/paths.js';
import { rootfsHash } from '../../harness/lab/rootfs.js';
import { assignHosts, nextPort } from '../../harness/lab/state.js';

const folder = mkdtempSync(join(tmpdir(), 'bench-lab-readers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const HOLD = fileURLToPath(new URL('../../harness/lab/hold-lock.sh', import.meta.url));
const silent = (): void => undefined;

describe('cgroup hierarchies', () => {
  it('v1: one mount a controller, a named one, and the unified one as well', () => {
    const text = [
      '31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755',
      '32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu',
      '34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset,clone_children',
      '40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/lib/x,name=systemd',
      '41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw',
    ].join('\n');
    expect(readHierarchies(text)).toEqual([
      { path: '/sys/fs/cgroup/cpu', name: 'cpu', options: 'cpu' },
      { path: '/sys/fs/cgroup/cpuset', name: 'cpuset', options: 'cpuset' },
      { path: '/sys/fs/cgroup/systemd', name: 'systemd', options: 'name=systemd' },
      { path: '/sys/fs/cgroup/unified', name: 'unified', options: 'v2' },
    ]);
  });

  it('v1 with several controllers a mount, mounted twice, and once outside of the usual place', () => {
    const text = [
      '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct',
      '33 31 0:29 / /sys/fs/cgroup/again rw - cgroup cgroup rw,cpu,cpuacct',
      '34 31 0:30 / /mnt/memory rw - cgroup cgroup rw,memory',
    ].join('\n');
    expect(readHierarchies(text)).toEqual([
      { path: '/sys/fs/cgroup/cpu,cpuacct', name: 'cpu,cpuacct', options: 'cpu,cpuacct' },
    ]);
  });

  it('v2 alone, with propagation fields before the dash', () => {
    const text = '29 22 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot';
    expect(readHierarchies(text)).toEqual([{ path: '/sys/fs/cgroup', name: '.', options: 'v2' }]);
  });
});

describe('the Debian archive as apt sees it', () => {
  const line = (...fields: string[]): string => fields.join('\t');

  it('takes what Debian signed, of this release, one line a repository', () => {
    const targets = [
      line('Debian', 'bookworm', 'http://mirror.example/debian/', 'bookworm', 'main'),
      line('Debian', 'bookworm', 'http://mirror.example/debian/', 'bookworm', 'contrib'),
      line('Debian', 'bookworm-security', 'http://mirror.example/security/', 'bookworm-security', 'main'),
      line('Debian', 'trixie', 'http://mirror.example/debian/', 'trixie', 'main'),
      line('Some Vendor', 'bookworm', 'http://vendor.example/debian/', 'bookworm', 'main'),
      line('', '', 'http://unknown.example/debian/', 'bookworm', 'main'),
      '',
    ].join('\n');
    expect(readSources(targets, 'bookworm')).toEqual([
      'deb http://mirror.example/debian/ bookworm main contrib',
      'deb http://mirror.example/security/ bookworm-security main',
    ]);
  });

  it('reads the code name, and refuses what is not Debian', () => {
    expect(readCodename('ID=debian\nVERSION_CODENAME=bookworm\n')).toBe('bookworm');
    expect(() => readCodename('PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nVERSION_CODENAME=noble\n')).toThrow(
      /expected a Debian release.*found "Ubuntu 24.04"/,
    );
    expect(() => readCodename('ID=debian\n')).toThrow(/code name/);
  });
});

describe('CPUs of targets', () => {
  it.each([
    [[0], { up: [0], smp: [0] }],
    [[0, 1], { up: [1], smp: [0, 1] }],
    [[2, 3, 4, 5], { up: [3], smp: [3, 4, 5] }],
  ])('of %j', (all, targets) => expect(labTargetCpus(all)).toEqual(targets));
});

describe('names, addresses, ports', () => {
  it.each([
    [[]],
    [['a', 'a']],
    [['lan']],
    [['Alpha']],
    [['a_b']],
    [['-a']],
    [['a-']],
    [['abcdefghijklmnop']],
    [['a/../b']],
  ])('refuses the hosts %j', (ids) => expect(() => checkHostNames(ids)).toThrow(/stage config/));

  it.each(['', '../x', 'A', '-x', 'a.b'])('refuses the lab %j', (name) =>
    expect(() => labPaths({ name })).toThrow(/cannot be the name of a lab/),
  );

  it('hosts keep what they have, and new ones get a free address', () => {
    const paths = labPaths({ name: 'x' });
    const before = assignHosts(paths, [], ['alpha', 'peer']);
    const after = assignHosts(paths, before.slice(1), ['beta', 'peer']);
    expect(before.map(({ address }) => address)).toEqual(['198.18.0.10', '198.18.0.11']);
    expect(after.map(({ id, address }) => [id, address])).toEqual([
      ['beta', '198.18.0.10'],
      ['peer', '198.18.0.11'],
    ]);
    expect(after[1]).toEqual(before[1]);
  });

  it('ports stay in their range', () => {
    expect(nextPort(20000)).toBe(20001);
    expect(nextPort(29999)).toBe(20000);
  });
});

describe('the hash of a root file system', () => {
  it('depends on what is in it and not on the order of the list', () => {
    const hash = rootfsHash('bookworm', 'amd64', ['a', 'b']);
    expect(rootfsHash('bookworm', 'amd64', ['b', 'a'])).toBe(hash);
    expect(rootfsHash('bookworm', 'amd64', ['a'])).not.toBe(hash);
    expect(rootfsHash('trixie', 'amd64', ['a', 'b'])).not.toBe(hash);
    expect(rootfsHash('bookworm', 'arm64', ['a', 'b'])).not.toBe(hash);
  });

  it('lists every package once', () => expect(new Set(ROOTFS_PACKAGES).size).toBe(ROOTFS_PACKAGES.length));
});

describe('hosts.lab.json', () => {
  const labHosts = (...ids: string[]) => ids.map((id, index) => ({ id, address: `198.18.0.${10 + index}` }));
  const content = hostsFileContent(labPaths({ name: 'x' }), labHosts('alpha', 'peer'), [0, 1]);

  it('is written once and then left alone', async () => {
    const path = join(folder, 'hosts.lab.json');
    expect(await writeHostsFile(path, content)).toBe('written');
    expect(await writeHostsFile(path, content)).toBe('unchanged');
    expect(isMadeByLab(readFileSync(path, 'utf8'))).toBe(true);
    expect(await writeHostsFile(path, hostsFileContent(labPaths({}), labHosts('alpha'), [0]))).toBe('written');
  });

  it.each(['{"hosts":{"alpha":{"ssh":"alpha"}}}', '{"hosts":{}}', 'not JSON', ''])(
    'never overwrites another file: %j',
    async (text) => {
      const path = join(folder, 'foreign.json');
      writeFileSync(path, text);
      await expect(writeHostsFile(path, content)).rejects.toThrow(/was not made by the lab and stays as it is/);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );

  it('has the address of the peer, and lets containers share the network of their host', () => {
    expect(content).toMatchObject({
      hosts: { peer: { address: '198.18.0.11' } },
      targets: { 'lxc-up': { peer: 'peer', options: { network: 'host' } } },
    });
  });

  it('names a folder that is not there', async () => {
    await expect(checkHostsFile(join(folder, 'missing', 'hosts.lab.json'))).rejects.toThrow(/missing is not a folder/);
  });
});

describe('one process at a time', () => {
  it('lets the second wait for the first', async () => {
    const path = join(folder, 'lock');
    const order: string[] = [];
    const reported: string[] = [];
    const turn = (name: string) =>
      exclusively(
        path,
        (line) => reported.push(line),
        async () => {
          order.push(`${name} in`);
          await new Promise((resolve) => setTimeout(resolve, 50));
          order.push(`${name} out`);
        },
      );
    await Promise.all([turn('a'), turn('b')]);
    expect(order).toHaveLength(4);
    expect(order[1]).toBe(order[0]?.replace('in', 'out'));
    expect(reported).toEqual([`waiting for process ${process.pid}, which changes the same lab`]);
  });

  it('takes a lock whose owner was killed', async () => {
    const path = join(folder, 'killed');
    const owner = spawn('sh', [HOLD, path, '1', '60']);
    await once(owner.stdout, 'data');
    let ran = false;
    const free = (): Promise<void> => ifFree(path, () => Promise.resolve().then(() => void (ran = true)));
    await free();
    expect(ran).toBe(false);
    owner.kill('SIGKILL');
    // What it started ends with its input.
    await expect.poll(async () => (await free(), ran)).toBe(true);
  });

  it('takes a lock whose file was left behind', async () => {
    const path = join(folder, 'stale');
    writeFileSync(path, `${process.pid}`);
    expect(await exclusively(path, silent, () => Promise.resolve('in'))).toBe('in');
    expect(existsSync(path)).toBe(false);
  });

  it('names what cannot be locked', async () => {
    mkdirSync(join(folder, 'a-folder'));
    await expect(exclusively(join(folder, 'a-folder'), silent, () => Promise.resolve())).rejects.toThrow(
      /a-folder cannot be locked \(found .*[Dd]irectory/,
    );
  });

  it('is released when the work fails', async () => {
    const path = join(folder, 'failing');
    await expect(exclusively(path, silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await exclusively(path, silent, () => Promise.resolve('in'))).toBe('in');
  });
});
