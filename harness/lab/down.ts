import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hierarchies, removeGroups } from './cgroups.js';
import { command } from './command.js';
import { isMadeByLab } from './hosts-file.js';
import { ownGroups, type LabPaths } from './paths.js';
import { removeAbandonedBuilds } from './rootfs.js';
import { readState } from './state.js';

/**
 * Removes all that a lab of this name made, also after a crash: its cgroups identify its processes, and
 * with the processes go their namespaces, mounts and interfaces, none of which are in those of the machine.
 */
export async function tearDown(paths: LabPaths, report: (line: string) => void): Promise<void> {
  const state = await readState(paths).catch(() => undefined);
  await removeGroups((await hierarchies()).flatMap(({ path }) => ownGroups(paths).map((group) => join(path, group))));
  if (state !== undefined) {
    for (const host of state.hosts) report(`stopped ${host.id}`);
    for (const path of state.hostsFiles) await removeHostsFile(paths, path, report);
  }
  await command(['rm', '-rf', '--one-file-system', paths.state]);
  for (const path of await removeAbandonedBuilds(paths)) report(`removed the unfinished ${path}`);
}

/** Removes the cache, unless another lab has its hosts on it. */
export async function purgeCache(paths: LabPaths, report: (line: string) => void): Promise<void> {
  const users: string[] = [];
  for (const name of await readdir(paths.stateRoot).catch(() => [])) {
    const text = await readFile(join(paths.stateRoot, name, 'lab.json'), 'utf8').catch(() => '');
    if (text.includes(JSON.stringify(paths.cache))) users.push(name);
  }
  if (users.length > 0) {
    report(`kept ${paths.cache}: other labs use it (${users.join(', ')})`);
    return;
  }
  await command(['rm', '-rf', '--one-file-system', paths.cache]);
  report(`removed ${paths.cache}`);
}

/** Gives back the directory that all labs share once the last is gone. */
export async function removeStateRoot(paths: LabPaths): Promise<void> {
  await rmdir(paths.stateRoot).catch(() => undefined);
}

async function removeHostsFile(paths: LabPaths, path: string, report: (line: string) => void): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  if (isMadeByLab(text) && text.includes(`${paths.state}/`)) await rm(path);
  else report(`kept ${path}: it is not the one that this lab wrote`);
}
