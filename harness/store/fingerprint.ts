import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunId } from '../types.js';
import { checkRunId, RUN_FILES } from './layout.js';

/**
 * A hash of everything that a report of a run is made of: the bytes of its plan, records and journal, and the names and sizes
 * of its raw files, whose own hashes are in the records. Files that are missing count as empty.
 */
export async function fingerprintRun(runsDir: string, id: RunId): Promise<string> {
  const directory = join(runsDir, checkRunId(id));
  const hash = createHash('sha256');
  for (const name of [RUN_FILES.plan, RUN_FILES.records, RUN_FILES.journal]) {
    const bytes = await readFile(join(directory, name)).catch(() => Buffer.alloc(0));
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  }
  const names = await readdir(join(directory, 'raw')).catch(() => []);
  for (const name of names.sort()) {
    const found = await stat(join(directory, 'raw', name)).catch(() => undefined);
    hash.update(`${name} ${found?.size ?? -1}\n`);
  }
  return hash.digest('hex');
}
