import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import type { Executor, Guest, GuestSpec, Host, Stage } from '../../types.js';
import type { Cleanup } from './cleanup.js';
import { guestExecutor } from './executor.js';
import { cutAtGuest, noGroups, readLimits } from './groups.js';
import { GUEST_WORK_DIR } from '../guest/names.js';
import type { GuestPaths } from './paths.js';
import type { ContainerTool } from './tool.js';

/** A guest that runs, as its host sees it. */
export interface Running {
  readonly pid: number;
  /** The groups that its first process is in. */
  readonly own: CgroupView;
  /** The guest's groups: the same ones, or above them. */
  readonly view: CgroupView;
}

/** The members of a tool that are needed to use a guest that runs. */
export type GuestTool = Pick<ContainerTool<unknown>, 'id' | 'pidOf' | 'enter'>;

/** `undefined` when the guest does not run. */
export async function findRunning(tool: GuestTool, host: Executor, paths: GuestPaths): Promise<Running | undefined> {
  const pid = await tool.pidOf(host, paths);
  const own = pid === undefined ? undefined : await viewCgroups(host, pid);
  const view = own === undefined ? undefined : cutAtGuest(own, paths.group);
  return pid === undefined || own === undefined || view === undefined ? undefined : { pid, own, view };
}

/** The groups of a guest that must be running. */
export async function groupsOf(tool: GuestTool, host: Executor, paths: GuestPaths, stage: Stage): Promise<CgroupView> {
  const running = await findRunning(tool, host, paths);
  if (running === undefined) throw noGroups(host, paths.name, stage);
  return running.view;
}

export function containerGuest(
  tool: GuestTool,
  cleanup: Cleanup,
  { executor: host }: Host,
  { name, target: { shape } }: GuestSpec,
  paths: GuestPaths,
  { pid, own }: Running,
): Guest {
  return {
    name,
    executor: guestExecutor(host, {
      where: `${host.where} ${tool.id}:${name}`,
      name,
      enter: tool.enter(paths, pid, own),
      log: paths.log,
      isRunning: async () => (await findRunning(tool, host, paths)) !== undefined,
    }),
    workDir: GUEST_WORK_DIR,
    cpus: shape.cpus,
    readBack: async () => readLimits(host, await groupsOf(tool, host, paths, 'verify'), shape),
    stop: () => cleanup.end(host, paths, 'stop'),
  };
}
