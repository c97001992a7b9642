import { createHash } from 'node:crypto';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianArchive, type Archive } from './archive.js';
import { bootstrap } from './bootstrap.js';
import { command } from './command.js';
import { exclusively, ifFree } from './exclusive.js';
import { ROOTFS_PACKAGES } from './packages.js';
import type { LabPaths } from './paths.js';

/** Counts changes of what is done to a root file system beyond its list of packages. */
const FORMAT = 1;
const BUILDING = /^building\.([0-9a-f]+)/;

/** A Debian root file system as a directory; it is not changed once it exists. */
export interface Rootfs {
  readonly hash: string;
  readonly path: string;
}

/**
 * A root file system with these packages, by default the one that hosts and guests of the lab share: taken from the cache,
 * or built by mmdebstrap from the machine's own Debian sources, which takes a minute. It appears in the cache whole or not
 * at all.
 */
export async function ensureRootfs(
  paths: Pick<LabPaths, 'cache'>,
  report: (line: string) => void,
  packages: readonly string[] = ROOTFS_PACKAGES,
): Promise<Rootfs> {
  const archive = await debianArchive(report);
  const architecture = (await command(['dpkg', '--print-architecture'])).trim();
  const hash = rootfsHash(archive.suite, architecture, packages);
  const path = rootfsPath(paths, hash);
  if (!(await exists(path))) {
    await exclusively(`${path}.lock`, report, async () => {
      if (!(await exists(path))) await build(paths, { hash, path }, archive, { report, packages });
    });
  }
  return { hash, path };
}

/** Where the root file system of this hash is in the cache. */
export function rootfsPath(paths: Pick<LabPaths, 'cache'>, hash: string): string {
  return join(paths.cache, 'rootfs', hash);
}

/** Names the content: the same packages of the same release on the same architecture share one directory. */
export function rootfsHash(suite: string, architecture: string, packages: readonly string[]): string {
  const content = JSON.stringify({ format: FORMAT, suite, architecture, packages: [...packages].sort() });
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function build(
  paths: Pick<LabPaths, 'cache'>,
  rootfs: Rootfs,
  archive: Archive,
  { report, packages }: { readonly report: (line: string) => void; readonly packages: readonly string[] },
): Promise<void> {
  const building = await newBuildDirectory(paths, 'rootfs', rootfs.hash);
  report(`building the root file system of hosts and guests once (Debian ${archive.suite}, a minute or two)`);
  report(`installing into it: ${packages.join(' ')}`);
  try {
    await bootstrap(join(building, 'root'), packages, archive, { report });
    await finish(join(building, 'root'));
    await rename(join(building, 'root'), rootfs.path);
  } finally {
    await command(['rm', '-rf', '--one-file-system', building]);
  }
}

/** Takes out what belongs to this machine or to one host only. */
async function finish(root: string): Promise<void> {
  const keys = (await readdir(join(root, 'etc/ssh'))).filter((name) => name.startsWith('ssh_host_'));
  for (const name of keys) await rm(join(root, 'etc/ssh', name));
  await rm(join(root, 'etc/apt/apt.conf.d/99mmdebstrap'), { force: true });
  // Neither hosts nor guests reach the outside: a resolver could only cost time.
  for (const name of ['etc/resolv.conf', 'etc/machine-id']) await writeFile(join(root, name), '');
  await writeFile(join(root, 'etc/hostname'), 'bench\n');
  for (const name of ['srv/bench/rootfs', 'var/lib/bench']) await mkdir(join(root, name), { recursive: true });
}

/**
 * An empty directory in which something is built before it is moved to its place in the cache. Only for who holds the lock
 * of this hash, HASH.lock beside it: what is there was left by a kill.
 */
export async function newBuildDirectory(
  paths: Pick<LabPaths, 'cache'>,
  folder: 'rootfs' | 'machines',
  hash: string,
): Promise<string> {
  const building = join(paths.cache, folder, `building.${hash}`);
  await command(['rm', '-rf', '--one-file-system', building]);
  await mkdir(building, { recursive: true });
  return building;
}

/** Removes what a kill left of builds; returns the directories. */
export async function removeAbandonedBuilds(paths: Pick<LabPaths, 'cache'>): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const folder of [join(paths.cache, 'rootfs'), join(paths.cache, 'machines')]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const [, hash] = BUILDING.exec(name) ?? [];
      if (hash === undefined) continue;
      await ifFree(join(folder, `${hash}.lock`), async () => {
        await command(['rm', '-rf', '--one-file-system', join(folder, name)]);
        removed.push(join(folder, name));
      });
    }
  }
  return removed;
}

/** Whether there is something of this name. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
