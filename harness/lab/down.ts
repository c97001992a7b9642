import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hierarchies, removeGroups } from './cgroups.js';
import { command } from './command.js';
import { isMadeByLab } from './hosts-file.js';
import { ownGroups, type Place } from './place.js';
import { removeAbandonedBuilds } from './rootfs.js';
import { readState } from './state.js';

/**
 * Removes all that a lab of this name made, also after a crash: its cgroups identify its processes, and
 * with the processes go their namespaces, mounts and interfaces, none of which are in those of the machine.
 */
export async function tearDown(place: Place, report: (line: string) => void): Promise<void> {
  const state = await readState(place).catch(() => undefined);
  await removeGroups((await hierarchies()).flatMap(({ path }) => ownGroups(place).map((group) => join(path, group))));
  if (state !== undefined) {
    for (const host of state.hosts) report(`stopped ${host.id}`);
    for (const path of state.hostsFiles) await removeHostsFile(place, path, report);
  }
  await command(['rm', '-rf', '--one-file-system', place.state]);
  for (const path of await removeAbandonedBuilds(place)) report(`removed the unfinished ${path}`);
}

/** Removes the cache, unless another lab has its hosts on it. */
export async function purgeCache(place: Place, report: (line: string) => void): Promise<void> {
  const users: string[] = [];
  for (const name of await readdir(place.stateRoot).catch(() => [])) {
    const text = await readFile(join(place.stateRoot, name, 'lab.json'), 'utf8').catch(() => '');
    if (text.includes(JSON.stringify(place.cache))) users.push(name);
  }
  if (users.length > 0) {
    report(`kept ${place.cache}: other labs use it (${users.join(', ')})`);
    return;
  }
  await command(['rm', '-rf', '--one-file-system', place.cache]);
  report(`removed ${place.cache}`);
}

/** Gives back the directory that all labs share once the last is gone, and locks that a kill left half-made. */
export async function removeStateRoot(place: Place): Promise<void> {
  const left = await readdir(place.stateRoot).catch(() => []);
  for (const name of left.filter((entry) => entry.startsWith(`${place.name}.lock.`))) {
    await rm(join(place.stateRoot, name), { force: true });
  }
  await rmdir(place.stateRoot).catch(() => undefined);
}

async function removeHostsFile(place: Place, path: string, report: (line: string) => void): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  if (isMadeByLab(text) && text.includes(`${place.state}/`)) await rm(path);
  else report(`kept ${path}: it is not the one that this lab wrote`);
}
