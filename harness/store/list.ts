import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError, foundInstead } from '../errors.js';
import type { RunId } from '../types.js';
import { RUN_FILES, RUN_ID } from './layout.js';

/** The runs in a folder, oldest first; a folder that does not exist has none. */
export async function listRuns(runsDir: string): Promise<RunId[]> {
  const runs: RunId[] = [];
  for (const name of await listFolders(runsDir)) if (await isFile(join(runsDir, name, RUN_FILES.plan))) runs.push(name);
  return runs;
}

/** Folders that are no run although they look like one: they have lines of a run, and no plan. */
export async function listTorsos(runsDir: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await listFolders(runsDir)) {
    const has = (file: string): Promise<boolean> => isFile(join(runsDir, name, file));
    if (!(await has(RUN_FILES.plan)) && ((await has(RUN_FILES.records)) || (await has(RUN_FILES.journal)))) {
      found.push(name);
    }
  }
  return found;
}

/** Folders whose name a run can have, in the order of their names; none where the folder does not exist. */
export async function listFolders(runsDir: string): Promise<string[]> {
  const entries = await readdir(runsDir, { withFileTypes: true }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    const found = code === 'ENOTDIR' ? 'a file' : foundInstead(error);
    const hint = 'choose another folder with --runs-dir';
    const message = `cannot read the runs in ${runsDir}`;
    throw new BenchError({ stage: 'config', message, expected: 'a folder', found, hint });
  });
  const folders = entries.filter((entry) => entry.isDirectory() && RUN_ID.test(entry.name));
  return folders.map(({ name }) => name).sort();
}

async function isFile(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true;
}
