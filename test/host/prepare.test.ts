import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeConnection, type FakeRule } from '../../harness/connect/fake.js';
import { connectLocal } from '../../harness/connect/local.js';
import { ensurePackages, freeBytes, readFreeKibibytes } from '../../harness/host/prepare.js';
import type { Executor } from '../../harness/types.js';

const debian = (user: string): FakeRule => ({ when: ['sh', '-c'], answer: { stdout: `${user}\n` } });
const query = (stdout: string): FakeRule => ({ when: ['dpkg-query'], answer: { stdout, code: 1 } });
const apt = (verb: string, code: number, stderr = ''): FakeRule => ({
  when: ({ argv }) => argv.includes('apt-get') && argv.includes(verb),
  answer: { code, stderr },
});

describe('ensurePackages', () => {
  it('asks nothing of a host when nothing is needed', async () => {
    expect(await ensurePackages(fakeConnection([]), [])).toEqual({ installed: [] });
  });

  it('installs what is missing and reports what that was', async () => {
    const host = fakeConnection([debian('0'), query('gcc installed\nlxc config-files\n'), apt('install', 0)]);
    expect(await ensurePackages(host, ['gcc', 'lxc', 'make'])).toEqual({ installed: ['lxc', 'make'] });
    expect(host.commands.at(-1)?.argv.slice(-3)).toEqual(['--', 'lxc', 'make']);
  });

  it('installs nothing when nothing is missing, also without root', async () => {
    const host = fakeConnection([debian('1000'), query('gcc installed\n')]);
    expect(await ensurePackages(host, ['gcc'])).toEqual({ installed: [] });
  });

  it.each<[string, readonly FakeRule[], readonly string[], RegExp]>([
    ['no Debian', [{ when: ['sh', '-c'], answer: { code: 1 } }], ['gcc'], /not a Debian system/],
    ['no root', [debian('1000'), query('')], ['gcc'], /only root.*gcc.*sudo apt-get install/],
    [
      'no such package',
      [debian('0'), query(''), apt('install', 100, 'W: noise\nE: Unable to locate package nope\n'), apt('update', 0)],
      ['nope'],
      /cannot install nope.*E: Unable to locate package nope/,
    ],
    ['an option for a name', [], ['-oDpkg::x=y'], /not the name of a Debian package/],
    ['a file for a name', [], ['./evil.deb'], /not the name of a Debian package/],
  ])('%s: is reported', async (_, rules, packages, message) => {
    await expect(ensurePackages(fakeConnection(rules), packages)).rejects.toThrow(message);
    await expect(ensurePackages(fakeConnection(rules), packages)).rejects.toMatchObject({
      problem: { stage: 'prepare' },
    });
  });
});

/** Asks the policy as packages do, and keeps the answers; /usr/sbin is a folder of the test's own. */
const APT_GET = `#!/bin/sh
for unit in lxc-net.service docker.service docker.socket containerd postgresql; do
  /usr/sbin/policy-rc.d "$unit" start; echo "$unit $?"
done >>"$0.answers"
exit "$(cat "$0.code")"
`;
const PRIVATE =
  'mount -t tmpfs tmpfs /usr/sbin && cp "$1" /usr/sbin/policy-rc.d 2>/dev/null; shift; "$@"; code=$?; ls /usr/sbin >"$0"; exit $code';

describe.skipIf(process.getuid?.() !== 0)('services of packages', () => {
  let place: string;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'bench-policy-'));
    await writeFile(`${place}/apt-get`, APT_GET, { mode: 0o755 });
    await writeFile(`${place}/apt-get.code`, '0');
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  /** Installs with the rest of this machine as it is; `policy`: one that the machine has. */
  const install = async (services: readonly string[], policy = ''): Promise<string> => {
    await writeFile(`${place}/policy`, policy, { mode: 0o755 });
    const local = connectLocal();
    const before = [
      'unshare',
      '--mount',
      'sh',
      '-c',
      PRIVATE,
      `${place}/left`,
      policy === '' ? '' : `${place}/policy`,
    ] as const;
    const fake = fakeConnection([debian('0'), query('')]);
    const path = ['env', `PATH=${place}:${process.env['PATH'] ?? ''}`] as const;
    const executor: Executor = {
      ...local,
      exec: (command) =>
        command.argv.includes('apt-get')
          ? local.exec({ argv: [...before, ...path, ...command.argv] })
          : fake.exec(command),
    };
    await ensurePackages(executor, ['lxc'], services);
    return readFile(`${place}/apt-get.answers`, 'utf8');
  };

  it('are not started, and the policy is removed', async () => {
    expect(await install([])).toBe(
      'lxc-net.service 101\ndocker.service 101\ndocker.socket 101\ncontainerd 101\npostgresql 101\n',
    );
    expect(await readFile(`${place}/left`, 'utf8')).toBe('');
  });

  it('are started where a platform needs them', async () => {
    expect(await install(['docker', 'containerd'])).toBe(
      'lxc-net.service 101\ndocker.service 0\ndocker.socket 0\ncontainerd 0\npostgresql 101\n',
    );
  });

  it("follow the machine's own policy where it has one", async () => {
    expect(await install([], '#!/bin/sh\nexit 104\n')).toMatch(/^lxc-net.service 104\n/);
    expect(await readFile(`${place}/left`, 'utf8')).toBe('policy-rc.d\n');
  });

  it('are under a policy that a killed bench left, which is removed', async () => {
    const left = '#!/bin/sh\n# Written by bench while it installs packages; safe to remove.\nexit 0\n';
    expect(await install([], left)).toMatch(/^lxc-net.service 101\n/);
    expect(await readFile(`${place}/left`, 'utf8')).toBe('');
  });

  it('leave no policy when the installation fails', async () => {
    await writeFile(`${place}/apt-get.code`, '100');
    await expect(install([])).rejects.toThrow(/cannot install lxc/);
    expect(await readFile(`${place}/left`, 'utf8')).toBe('');
  });
});

describe('freeBytes', () => {
  it('is what df prints for a directory here', async () => {
    expect(await freeBytes(connectLocal(), tmpdir())).toBeGreaterThan(0);
  });

  it('fails for a path that does not exist', async () => {
    await expect(freeBytes(connectLocal(), '/nonexistent/x')).rejects.toThrow(/cannot read the free space/);
  });

  const header = 'Filesystem     1024-blocks     Used Available Capacity Mounted on\n';
  it.each([
    ['/dev/vda         263112772 22344404  83371404      22% /\n', 83_371_404],
    ['tmpfs                12342042        0  12342042       0% /dev/shm\n', 12_342_042],
    ['//server/a b 100 200       1000      200       800      20% /mnt/with blank 1 2 3\n', 800],
    ['/dev/sda1             1000     1000       -50     105% /full\n', 0],
    ['none                      0        0         0       - /sys/fs/x\n', 0],
  ])('reads %j', (line, kibibytes) => {
    expect(readFreeKibibytes(header + line)).toBe(kibibytes);
  });

  it('takes nothing for nothing', () => {
    expect(readFreeKibibytes('')).toBeUndefined();
    expect(readFreeKibibytes(header)).toBeUndefined();
  });
});
