import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Member } from './archive.js';

/**
 * Writes members below a folder that this process has just made. Paths are those of a bundle, which do not leave it. With
 * `durable`, each file is on the disk when this returns.
 */
export async function extract(folder: string, members: readonly Member[], durable: boolean): Promise<void> {
  for (const { path, bytes } of members) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, bytes, { flag: 'wx', flush: durable });
  }
}
