import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { fakeConnection, type FakeRule } from '../../harness/connect/fake.js';
import { connectLocal } from '../../harness/connect/local.js';
import { ensurePackages, freeBytes, readFreeKibibytes } from '../../harness/host/prepare.js';

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
