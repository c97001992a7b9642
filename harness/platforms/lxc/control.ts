import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { cleanupBy } from '../container/cleanup.js';
import { guestExecutor as containerExecutor } from '../container/executor.js';
import * as groups from '../container/groups.js';
import { scriptAt } from '../guest/script.js';
import type { GuestPaths } from './paths.js';

/** Ends and removes guests after any crash. */
export const cleanup = cleanupBy('lxc', () => scriptAt(new URL('./guests.sh', import.meta.url)));

/** Runs commands in a guest: as root, in the guest's control groups, in `/` unless a directory is given. */
export function guestExecutor(host: Executor, paths: GuestPaths): Executor {
  return containerExecutor(host, {
    where: `${host.where} lxc:${paths.name}`,
    name: paths.name,
    enter: ['lxc-attach', '-P', paths.guests, '-n', paths.name, '--clear-env', '--'],
    log: paths.log,
    isRunning: () => isRunning(host, paths),
  });
}

/** Whether LXC reports that the guest runs; false also where LXC is not installed. */
export async function isRunning(host: Executor, { guests, name }: GuestPaths): Promise<boolean> {
  return (await printed(host, ['lxc-info', '-P', guests, '-n', name, '-s', '-H']))?.trim() === 'RUNNING';
}

/** The control groups that a running guest's first process is in; throws when the guest does not run. */
export async function guestGroups(host: Executor, { guests, name }: GuestPaths, stage: Stage): Promise<CgroupView> {
  const pid = Number(await printed(host, ['lxc-info', '-P', guests, '-n', name, '-p', '-H']));
  const view = pid > 0 ? await viewCgroups(host, pid) : undefined;
  if (view === undefined) throw groups.noGroups(host, name, stage);
  return view;
}

/** The limits in force, read from the files of the guest's groups on the host. */
export async function readLimits(host: Executor, paths: GuestPaths, shape: Shape): Promise<readonly Finding[]> {
  return groups.readLimits(host, await guestGroups(host, paths, 'verify'), shape);
}

/** CPU seconds of everything that ran in the guest since it started, by the kernel's accounting of its group. */
export async function readCpuTime(host: Executor, paths: GuestPaths): Promise<CpuSeconds> {
  return groups.readCpuTime(host, await guestGroups(host, paths, 'measure'), paths.name);
}
