import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../errors.js';
import { isRunning, processOf, type ProcessId } from './process.js';

/** One mounted cgroup hierarchy of this machine. */
export interface Hierarchy {
  /** Where it is mounted. */
  readonly path: string;
  /** Its path below /sys/fs/cgroup; `.` when it is mounted there itself. */
  readonly name: string;
  /** Identifies a v1 hierarchy when it is mounted again: its controllers or `name=...`. `v2` for the unified one. */
  readonly options: string;
}

const MOUNT_ROOT = '/sys/fs/cgroup';
const V2_CONTROLLERS = ['cpuset', 'cpu', 'memory', 'pids', 'io'];
/** Flags of a v1 superblock that do not identify it. */
const V1_FLAGS = /^(rw|ro|xattr|clone_children|noprefix|cpuset_v2_mode|release_agent=.*)$/;
const END_MS = 15_000;
const POLL_MS = 20;

/** The hierarchies in the text of /proc/self/mountinfo (proc(5)). */
export function readHierarchies(mountinfo: string): readonly Hierarchy[] {
  const found = new Map<string, Hierarchy>();
  for (const line of mountinfo.split('\n')) {
    const [mount = '', filesystem = ''] = line.split(' - ');
    const path = mount.split(' ')[4] ?? '';
    const [type, , superOptions = ''] = filesystem.split(' ');
    if (!(type === 'cgroup' || type === 'cgroup2')) continue;
    if (!(path === MOUNT_ROOT || path.startsWith(`${MOUNT_ROOT}/`))) continue;
    const v1 = superOptions.split(',').filter((option) => !V1_FLAGS.test(option));
    const options = type === 'cgroup2' ? 'v2' : v1.join(',');
    if (found.has(options)) continue;
    found.set(options, { path, name: path === MOUNT_ROOT ? '.' : path.slice(MOUNT_ROOT.length + 1), options });
  }
  return [...found.values()];
}

/** The hierarchies of this machine. */
export async function hierarchies(): Promise<readonly Hierarchy[]> {
  const found = readHierarchies(await readFile('/proc/self/mountinfo', 'utf8'));
  if (found.length > 0) return found;
  throw new BenchError({
    stage: 'prepare',
    message: 'the lab needs cgroups, which limit what its guests get',
    expected: `cgroup file systems mounted below ${MOUNT_ROOT}`,
    found: 'none',
    hint: 'mount -t cgroup2 cgroup2 /sys/fs/cgroup',
  });
}

/** Weight of a control group in both of its versions: cpu.shares, and cpu.weight. */
export interface Weight {
  readonly v1: number;
  readonly v2: number;
}

/** The highest there is: weights compete between siblings only, and what else runs on the machine is one of them. */
const HIGHEST: Weight = { v1: 262_144, v2: 10_000 };

/**
 * Makes the lab's group and one below it in every hierarchy, and returns the directories of the latter. A new cpuset is
 * empty and must be filled level by level.
 */
export async function makeGroups(
  all: readonly Hierarchy[],
  lab: string,
  child: string,
  weight = HIGHEST,
): Promise<readonly string[]> {
  const made: string[] = [];
  for (const hierarchy of all) made.push(await makeGroup(hierarchy, lab, child, weight).catch(explain));
  return made;
}

async function makeGroup(hierarchy: Hierarchy, lab: string, child: string, weight: Weight): Promise<string> {
  const parent = join(hierarchy.path, lab);
  const group = join(parent, child);
  if (hierarchy.options === 'v2') await makeV2(hierarchy.path, parent, weight);
  await mkdir(group, { recursive: true });
  const controllers = hierarchy.options.split(',');
  if (controllers.includes('cpuset')) for (const dir of [parent, group]) await fillCpuset(hierarchy.path, dir);
  if (controllers.includes('cpu')) await writeFile(join(parent, 'cpu.shares'), String(weight.v1));
  return group;
}

function explain(error: unknown): never {
  throw new BenchError(
    {
      stage: 'prepare',
      message: `the lab cannot make its cgroups: ${error instanceof Error ? error.message : String(error)}`,
      expected: `a root that may write to ${MOUNT_ROOT}`,
      found: 'one that may not, as in a container without that right',
      hint: 'run it on a machine of its own, or give the container the rights of its host (--privileged)',
    },
    { cause: error },
  );
}

async function fillCpuset(root: string, dir: string): Promise<void> {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    await writeFile(join(dir, name), (await readFile(join(root, name), 'utf8')).trim());
  }
  // Groups that anyone makes below start with a copy instead of empty.
  await writeFile(join(dir, 'cgroup.clone_children'), '1');
}

/** Controllers are handed down one level at a time; those that the root of the machine does not delegate are enabled. */
async function makeV2(root: string, parent: string, weight: Weight): Promise<void> {
  await mkdir(parent, { recursive: true });
  for (const dir of [root, parent]) {
    const offered = (await readFile(join(dir, 'cgroup.controllers'), 'utf8')).trim().split(' ');
    const enabled = (await readFile(join(dir, 'cgroup.subtree_control'), 'utf8')).trim().split(' ');
    const missing = V2_CONTROLLERS.filter((name) => offered.includes(name) && !enabled.includes(name));
    for (const name of missing) await writeFile(join(dir, 'cgroup.subtree_control'), `+${name}`);
  }
  await writeFile(join(parent, 'cpu.weight'), String(weight.v2), { flag: 'r+' }).catch(ignoreMissing);
}

/**
 * Kills every process in these groups and below, waits until they are gone, and removes the groups. Groups that do not
 * exist are fine.
 */
export async function removeGroups(dirs: readonly string[]): Promise<void> {
  // A process leaves its group early in its exit, before it gives up its namespaces and mounts.
  const ending = new Map<number, ProcessId>();
  for (let waited = 0; waited < END_MS; waited += POLL_MS) {
    const trees = (await Promise.all(dirs.map(tree))).flat();
    const pids = [...new Set((await Promise.all(trees.map(processes))).flat())];
    for (const found of await Promise.all(pids.map(processOf))) {
      if (found !== undefined) ending.set(found.pid, found);
    }
    const left = await Promise.all([...ending.values()].map(isRunning));
    if (pids.length === 0 && !left.includes(true) && (await removeAll(trees))) return;
    // A frozen container does not even die.
    for (const dir of trees) await writeFile(join(dir, 'freezer.state'), 'THAWED', { flag: 'r+' }).catch(ignoreMissing);
    for (const pid of pids) kill(pid);
    await sleep(POLL_MS);
  }
  throw new BenchError({
    stage: 'stop',
    message: `processes of the lab are still there ${END_MS / 1000} s after they were killed`,
    found: dirs.join(' '),
    hint: 'see cgroup.procs in these directories; a process in state D waits for a device',
  });
}

/** Process ids in these groups and below. */
export async function processesIn(dirs: readonly string[]): Promise<readonly number[]> {
  const trees = (await Promise.all(dirs.map(tree))).flat();
  return [...new Set((await Promise.all(trees.map(processes))).flat())].sort((a, b) => a - b);
}

/** The directory and all below it, children before their parents. */
async function tree(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => undefined);
  if (entries === undefined) return [];
  const children = entries.filter((entry) => entry.isDirectory()).map((entry) => tree(join(dir, entry.name)));
  return [...(await Promise.all(children)).flat(), dir];
}

async function processes(dir: string): Promise<number[]> {
  const text = await readFile(join(dir, 'cgroup.procs'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Whether all are gone; a group that a process has just entered stays for the next round. */
async function removeAll(dirs: readonly string[]): Promise<boolean> {
  let gone = true;
  for (const dir of dirs) {
    await rmdir(dir).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') gone = false;
    });
  }
  return gone;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
