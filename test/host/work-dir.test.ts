import {
  chmod,
  chown,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { checkWorkDir, ensureWorkDir } from '../../harness/host/work-dir.js';

const here = connectLocal();
/** Any user but root and the one of this process. */
const STRANGER = 54_321;
const isRoot = process.getuid?.() === 0;

describe('ensureWorkDir', () => {
  let base = '';
  beforeEach(async () => {
    base = await realpath(await mkdtemp(join(tmpdir(), 'bench-workdir-')));
  });
  afterEach(() => rm(base, { recursive: true, force: true }));

  it('makes a configured directory, however it is called, and leaves nothing in it', async () => {
    const workDir = join(base, "it's $(a) work dir", 'deep');
    expect(await ensureWorkDir(connectLocal(), { workDir })).toBe(workDir);
    expect(await ensureWorkDir(connectLocal(), { workDir })).toBe(workDir);
    expect(await readdir(workDir)).toEqual([]);
  });

  it('resolves links, so that two names are not two work directories', async () => {
    await symlink(base, join(base, 'link'));
    expect(await ensureWorkDir(connectLocal(), { workDir: join(base, 'link', 'x') })).toBe(join(base, 'x'));
  });

  it('refuses a relative path', async () => {
    await expect(ensureWorkDir(connectLocal(), { workDir: 'here' })).rejects.toThrow(/absolute/);
  });

  it('reports why a directory cannot be used', async () => {
    await writeFile(join(base, 'file'), '');
    await expect(ensureWorkDir(connectLocal(), { workDir: join(base, 'file', 'x') })).rejects.toThrow(
      /cannot use the work directory .*Not a directory/,
    );
  });

  it.each([
    ['group', 0o775],
    ['all', 0o757],
    ['all, with the sticky bit', 0o1777],
  ])('refuses a directory that is writable to %s, and puts nothing into it', async (_, mode) => {
    const workDir = join(base, 'work');
    await mkdir(workDir);
    await chmod(workDir, mode);
    await expect(ensureWorkDir(here, { workDir })).rejects.toThrow(
      new RegExp(
        `other users can change what bench runs in ${workDir} on local.*expected ${workDir} owned by.*d\\S{9}, of user`,
      ),
    );
    expect(await readdir(workDir)).toEqual([]);
  });

  it('refuses a parent that others may write to, unless they may remove only what is theirs', async () => {
    const parent = join(base, 'parent');
    await mkdir(join(parent, 'work'), { recursive: true });
    await chmod(parent, 0o777);
    await expect(ensureWorkDir(here, { workDir: join(parent, 'work') })).rejects.toThrow(
      `expected ${parent} owned by root or the user of the connection, writable to nobody else, found drwxrwxrwx`,
    );
    await chmod(parent, 0o1777);
    expect(await ensureWorkDir(here, { workDir: join(parent, 'work') })).toBe(join(parent, 'work'));
  });

  it('judges a directory without making one', async () => {
    await chmod(base, 0o777);
    await expect(checkWorkDir(here, { workDir: join(base, 'a', 'b') })).rejects.toThrow(
      `expected ${base} owned by root`,
    );
    await chmod(base, 0o755);
    await checkWorkDir(here, { workDir: join(base, 'a', 'b') });
    expect(await readdir(base)).toEqual([]);
  });

  it('takes write permission from others in what it runs, as a umask of 002 leaves it', async () => {
    const folder = join(base, 'native', 'suites');
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o775);
    await ensureWorkDir(here, { workDir: base });
    expect((await stat(folder)).mode & 0o777).toBe(0o755);
  });

  describe.runIf(isRoot)('as root', () => {
    it('refuses a directory of another user, and one below it', async () => {
      await mkdir(join(base, 'his', 'work'), { recursive: true });
      await chown(join(base, 'his'), STRANGER, STRANGER);
      for (const workDir of [join(base, 'his'), join(base, 'his', 'work')]) {
        await expect(ensureWorkDir(here, { workDir })).rejects.toThrow(/found drwxr-xr-x, of user 54321/);
      }
    });

    it("refuses another user's link to a directory of root", async () => {
      await mkdir(join(base, 'root'));
      await symlink(join(base, 'root'), join(base, 'link'));
      await lchown(join(base, 'link'), STRANGER, STRANGER);
      await chmod(base, 0o1777);
      await expect(ensureWorkDir(here, { workDir: join(base, 'link') })).rejects.toThrow(
        /found lrwxrwxrwx, of user 54321/,
      );
      expect(await readdir(join(base, 'root'))).toEqual([]);
    });

    it.each(['bin/0123456789abcdef/bench-agent', 'bin/lock-0.sh', 'controls/journal', 'native/bin/x'])(
      'refuses %s of another user, planted while the directory was open',
      async (file) => {
        await mkdir(join(base, file, '..'), { recursive: true });
        await writeFile(join(base, file), '#!/bin/sh\n');
        await chown(join(base, file), STRANGER, STRANGER);
        await expect(ensureWorkDir(here, { workDir: base })).rejects.toThrow(`${base}/${file} owned by root`);
      },
    );
  });
});
