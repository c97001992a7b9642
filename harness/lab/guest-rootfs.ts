import { mkdir, readdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { BenchError } from '../errors.js';
import { command } from './command.js';
import { exclusively } from './exclusive.js';
import { labPaths } from './paths.js';
import { requirePlain } from './plain-path.js';
import { needRoot } from './root.js';
import { ensureRootfs } from './rootfs.js';

/** In it: the hash of the root file system that it is a copy of. */
const MARK = 'etc/bench-rootfs';

export interface GuestRootfsOptions {
  /** Where it is to be: a folder that does not exist, or is empty. */
  readonly directory: string;
  /** As for the lab. */
  readonly cache?: string;
  /** One line a step, for the user. */
  readonly report: (line: string) => void;
}

/** What there is now; `made` is false when it was there already. */
export interface GuestRootfs {
  readonly path: string;
  readonly made: boolean;
}

/**
 * Makes a Debian root file system that guests of container platforms share, `options.rootfs` of their targets: a copy of
 * the one that the lab uses. The folder appears whole or not at all. Needs root and Debian; throws a `BenchError` for a
 * folder that has something else in it.
 */
export async function makeGuestRootfs({ directory, cache, report }: GuestRootfsOptions): Promise<GuestRootfs> {
  needRoot('rootfs', '`bench rootfs` makes files of all owners');
  const path = requirePlain(resolve(directory));
  const paths = labPaths(cache === undefined ? {} : { cache });
  const mark = await readMark(path);
  if (mark === undefined) await requireEmpty(path);
  const rootfs = await ensureRootfs(paths, report);
  if (mark === rootfs.hash) return { path, made: false };
  if (mark !== undefined) throw older(path);
  await mkdir(dirname(path), { recursive: true });
  return exclusively(`${path}.lock`, report, async () => {
    const making = `${path}.making`;
    // Of a process that was killed.
    await command(['rm', '-rf', '--one-file-system', making]);
    report(`copying it to ${path}`);
    try {
      await command(['cp', '-a', '--reflink=auto', rootfs.path, making]);
      await writeFile(join(making, MARK), `${rootfs.hash}\n`);
      await rmdir(path).catch(() => undefined);
      await rename(making, path);
    } finally {
      await command(['rm', '-rf', '--one-file-system', making]);
    }
    return { path, made: true };
  });
}

async function readMark(path: string): Promise<string | undefined> {
  return (await readFile(join(path, MARK), 'utf8').catch(() => undefined))?.trim();
}

async function requireEmpty(path: string): Promise<void> {
  const names = await readdir(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new BenchError({ stage: 'prepare', message: `${path} is no folder that can be read` }, { cause: error });
  });
  const [first] = names;
  if (first === undefined) return;
  throw new BenchError({
    stage: 'prepare',
    message: `${path} is not empty`,
    expected: 'a folder that does not exist, or is empty',
    found: first,
    hint: 'name another folder; nothing was changed',
  });
}

function older(path: string): BenchError {
  return new BenchError({
    stage: 'prepare',
    message: `${path} was made by another version of bench, or from another Debian release`,
    hint: 'guests still start from it; for a new one, name another folder, or remove this one when no guest uses it',
  });
}
