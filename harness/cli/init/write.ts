import { link, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BenchError, foundInstead } from '../../errors.js';

/** Writes a file that appears whole or not at all. Replaces one only with `replace`. */
export async function writeHosts(path: string, text: string, replace: boolean): Promise<void> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(dirname(path), '.bench-init-'));
    const fresh = join(folder, basename(path));
    const handle = await open(fresh, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link does not replace a file that was made in the meantime.
    await (replace ? rename(fresh, path) : link(fresh, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw exists(path);
    const found = foundInstead(error);
    const expected = 'a folder that it can be written to';
    throw new BenchError({ stage: 'config', message: `cannot write ${path}`, expected, found }, { cause: error });
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

/** The file is there, and nobody agreed to lose it. */
export function exists(path: string): BenchError {
  const hint = 'name another with --hosts FILE, or replace it with --force';
  return new BenchError({ stage: 'config', message: `${path} exists and is not replaced`, hint });
}
