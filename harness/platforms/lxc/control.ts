import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import * as groups from '../container/groups.js';
import { runScript, scriptAt } from '../container/script.js';
import type { Place } from './place.js';

/** The host's control groups as a running guest's first process is in them; throws when the guest does not run. */
export async function guestGroups(host: Executor, { guests, name }: Place, stage: Stage): Promise<CgroupView> {
  const pid = Number(await printed(host, ['lxc-info', '-P', guests, '-n', name, '-p', '-H']));
  const view = pid > 0 ? await viewCgroups(host, pid) : undefined;
  if (view === undefined) throw groups.noGroups(host, name, stage);
  return view;
}

/** The limits in force, read from the files of the guest's groups on the host. */
export async function readLimits(host: Executor, place: Place, shape: Shape): Promise<readonly Finding[]> {
  return groups.readLimits(host, await guestGroups(host, place, 'verify'), shape);
}

/** CPU seconds of everything that ran in the guest since it started, by the kernel's accounting of its group. */
export async function readCpuTime(host: Executor, place: Place): Promise<CpuSeconds> {
  return groups.readCpuTime(host, await guestGroups(host, place, 'measure'), place.name);
}

/** Ends guests after any crash: see the usage in the script. Rejects with what remains. */
export async function cleanUp(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const script = await scriptAt(new URL('./cleanup.sh', import.meta.url));
  const hint =
    'processes in uninterruptible sleep cannot be killed; try again when they have ended, or reboot the host';
  return runScript(host, script, argv, { stage, message: `cannot clean up LXC guests on ${host.where}`, hint });
}
