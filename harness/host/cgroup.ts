import type { Executor } from '../types.js';
import { isWithin, readMounts } from './mounts.js';
import { printed } from './printed.js';

/** Which of the kernel's two control group interfaces: cgroups(7). A hybrid host has both, each controller in one. */
export type CgroupVersion = 1 | 2;

/** A mounted hierarchy. Version 1 names its controllers; in version 2 `cgroup.controllers` of a group does. */
export interface CgroupMount {
  readonly version: CgroupVersion;
  readonly controllers: readonly string[];
  /** The group of the hierarchy that is seen at the mount point; `/` for the whole hierarchy. */
  readonly root: string;
  readonly mountPoint: string;
}

/** One line of `/proc/<pid>/cgroup`: the group that a process is in. */
export interface CgroupMembership {
  readonly version: CgroupVersion;
  readonly controllers: readonly string[];
  readonly path: string;
}

/** The directory in which a controller's files of some group are. */
export interface CgroupPlace {
  readonly version: CgroupVersion;
  readonly directory: string;
}

/** What a host's hierarchies look like to a process. */
export interface CgroupView {
  readonly mounts: readonly CgroupMount[];
  readonly memberships: readonly CgroupMembership[];
}

/** The options of a cgroup mount that are not controllers, mount(8) and kernel/cgroup/cgroup-v1.c. */
const V1_MOUNT_OPTIONS = new Set(['rw', 'ro', 'noprefix', 'clone_children', 'cpuset_v2_mode', 'xattr', 'favordynmods']);

/** The hierarchies in `/proc/<pid>/mountinfo`. A mount that a later one covers is left out. */
export function readCgroupMounts(mountinfo: string): readonly CgroupMount[] {
  const visible = new Map<string, CgroupMount>();
  for (const { root, mountPoint, type, superOptions } of readMounts(mountinfo)) {
    visible.delete(mountPoint);
    if (type === 'cgroup2') visible.set(mountPoint, { version: 2, controllers: [], root, mountPoint });
    if (type !== 'cgroup') continue;
    const controllers = superOptions.filter(
      (word) => !V1_MOUNT_OPTIONS.has(word) && !word.startsWith('release_agent='),
    );
    visible.set(mountPoint, { version: 1, controllers, root, mountPoint });
  }
  return [...visible.values()];
}

/** The groups in `/proc/<pid>/cgroup`, `hierarchy-ID:controller-list:path` a line, cgroups(7). */
export function readMemberships(text: string): readonly CgroupMembership[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\d+):([^:]*):(\/.*)$/.exec(line);
    if (match === null) return [];
    const controllers = (match[2] ?? '').split(',').filter((name) => name !== '');
    const path = (match[3] ?? '/').replace(/ \(deleted\)$/, '');
    return [{ version: match[1] === '0' && controllers.length === 0 ? 2 : 1, controllers, path }];
  });
}

/**
 * Where the files of a controller are for the process whose memberships these are, as seen through these mounts.
 * A controller that no version 1 hierarchy has belongs to version 2; whether it is enabled in that very group shows
 * in the presence of its files. `undefined` when the hierarchy, or the part of it with this group, is not mounted.
 */
export function placeOf(controller: string, { mounts, memberships }: CgroupView): CgroupPlace | undefined {
  const legacy = memberships.find(({ version, controllers }) => version === 1 && controllers.includes(controller));
  const membership = legacy ?? memberships.find(({ version }) => version === 2);
  if (membership === undefined) return undefined;
  for (const mount of mounts) {
    if (mount.version !== membership.version) continue;
    if (mount.version === 1 && !mount.controllers.includes(controller)) continue;
    if (!isWithin(membership.path, mount.root)) continue;
    const below = mount.root === '/' ? membership.path : membership.path.slice(mount.root.length);
    return { version: mount.version, directory: `${mount.mountPoint}${below === '/' ? '' : below}` };
  }
  return undefined;
}

const SHOW = 'cat "/proc/$1/cgroup" && echo && cat /proc/self/mountinfo';

/** The view of a process of the host, `self` for the command itself; `undefined` when there is no such process. */
export async function viewCgroups(executor: Executor, pid: number | 'self'): Promise<CgroupView | undefined> {
  const text = await printed(executor, ['sh', '-c', SHOW, 'sh', String(pid)]);
  const gap = text?.indexOf('\n\n') ?? -1;
  if (text === undefined || gap < 0) return undefined;
  return { memberships: readMemberships(text.slice(0, gap)), mounts: readCgroupMounts(text.slice(gap + 2)) };
}
