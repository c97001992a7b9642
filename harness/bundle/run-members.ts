import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UNFINISHED } from '../store/durable.js';
import { readRegular } from '../store/files.js';
import { RUN_FILES } from '../store/layout.js';
import { BUNDLED_HOSTS } from '../store/strays.js';
import type { RunId } from '../types.js';
import { isBundlePath, type Member } from './archive.js';
import { MAX_BUNDLE_BYTES } from './limits.js';
import { noBundle, quoted } from './problem.js';

/** The files of a run directory as members below `runs/<id>/`, without those of a process that writes it. */
export async function membersOfRun(runsDir: string, id: RunId): Promise<readonly Member[]> {
  const directory = join(runsDir, id);
  const members: Member[] = [];
  // Records before raw files: what a record names is stored before it.
  for (const name of [RUN_FILES.plan, RUN_FILES.journal, RUN_FILES.records, BUNDLED_HOSTS]) {
    const reading = await readRegular(join(directory, name), MAX_BUNDLE_BYTES);
    if (reading.bytes !== undefined) members.push({ path: `runs/${id}/${name}`, bytes: reading.bytes });
    else if (!reading.absent) throw noBundle(`cannot bundle run ${id}: ${name} ${reading.why}`);
  }
  for (const path of await filesBelow(directory, RUN_FILES.raw)) {
    const name = `runs/${id}/${path}`;
    if (!isBundlePath(name)) throw noBundle(`cannot bundle run ${id}: ${quoted(path)} is no name of a raw file`);
    const reading = await readRegular(join(directory, path), MAX_BUNDLE_BYTES);
    if (reading.bytes === undefined) throw noBundle(`cannot bundle run ${id}: ${path} ${reading.why}`);
    members.push({ path: name, bytes: reading.bytes });
  }
  return members;
}

/** Links are not followed: one in a stranger's run may lead to a private file. */
async function filesBelow(directory: string, folder: string): Promise<string[]> {
  const status = await lstat(join(directory, folder)).catch(() => undefined);
  if (status?.isDirectory() !== true) return [];
  const entries = await readdir(join(directory, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(directory, path)));
    else if (!entry.name.endsWith(UNFINISHED)) found.push(path);
  }
  return found.sort();
}
