import { lstat, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract, looksLikeBundle, membersOfRun, noBundle, type Member } from '../bundle/index.js';
import { EXIT } from '../errors.js';
import { syncDirectory } from '../store/durable.js';
import { makeDirectories } from '../store/files.js';
import type { RunId } from '../types.js';
import { checkBundle } from './check-bundle.js';
import type { Context } from './context.js';
import { describeCheck } from './verify.js';

/** Whether a file is a bundle, by its first bytes. */
export async function isBundle(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return looksLikeBundle(buffer.subarray(0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/**
 * `bench import X.tar.zst`: the runs of a bundle, in the folder of runs. All are written or none; a run that is there with
 * the same content stays as it is. Prints their directories.
 */
export async function importBundle(
  { printer }: Context,
  options: { readonly runsDir: string; readonly allowedSigners?: string },
  path: string,
): Promise<number> {
  const { runsDir } = options;
  const { manifest, members, checks } = await checkBundle(path, options.allowedSigners);
  const bad = checks.filter(({ verdict }) => verdict === 'failed' || verdict === 'not checked');
  if (bad.length > 0) {
    for (const line of bad.flatMap(describeCheck)) printer.line(line.trimEnd(), 'bad');
    printer.line(`${path} is not imported`, 'bad');
    return EXIT.failed;
  }
  for (const each of checks) if (each.verdict !== 'ok') printer.line(describeCheck(each).join('').trimEnd(), 'quiet');
  const ids = manifest.runs.map(({ id }) => id);
  const fresh: RunId[] = [];
  for (const id of ids) {
    if (!(await isThere(join(runsDir, id)))) fresh.push(id);
    else if (await isSame(runsDir, id, members)) printer.line(`run ${id} is already here, with the same content`);
    else throw noBundle(`run ${id} is already here, with other content`, { hint: 'import into another --runs-dir' });
  }
  await addRuns(runsDir, fresh, members);
  for (const id of fresh) printer.line(`run ${id}: imported`);
  printer.out(ids.map((id) => `${join(runsDir, id)}\n`).join(''));
  return EXIT.done;
}

const isThere = async (path: string): Promise<boolean> => (await lstat(path).catch(() => undefined)) !== undefined;

/** A run that was not imported has no part of a hosts file. */
async function isSame(runsDir: string, id: RunId, members: readonly Member[]): Promise<boolean> {
  const hosts = `runs/${id}/hosts.json`;
  const own = new Map((await membersOfRun(runsDir, id)).map(({ path, bytes }) => [path, Buffer.from(bytes)]));
  const bundled = members.filter(({ path }) => path.startsWith(`runs/${id}/`) && (path !== hosts || own.has(hosts)));
  return own.size === bundled.length && bundled.every(({ path, bytes }) => own.get(path)?.equals(bytes) === true);
}

/** Writes runs into a folder beside them, then renames each: a run is there whole or not at all. */
async function addRuns(runsDir: string, ids: readonly RunId[], members: readonly Member[]): Promise<void> {
  if (ids.length === 0) return;
  await makeDirectories(runsDir);
  // No run has a name that begins with a dot.
  const folder = await mkdtemp(join(runsDir, '.import-'));
  try {
    const wanted = members.filter(({ path }) => ids.some((id) => path.startsWith(`runs/${id}/`)));
    await extract(folder, wanted, true);
    for (const id of ids) {
      const made = join(folder, 'runs', id);
      await makeDirectories(join(made, 'raw'));
      await syncDirectory(join(made, 'raw'));
      await syncDirectory(made);
      await rename(made, join(runsDir, id));
    }
    await syncDirectory(runsDir);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
