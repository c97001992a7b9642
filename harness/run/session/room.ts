import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { freeBytes } from '../../host/prepare.js';
import { printed } from '../../host/printed.js';
import { benchmarkOf } from '../../trial/benchmark.js';
import { measuredProfile } from '../../trial/measured-profile.js';
import type { Executor, Host, PlannedTrial, Platform, Problem, ProfileId, Suite, TargetConfig } from '../../types.js';

import type { HostContext } from './host-context.js';

/** Resources of a host for guests; a value that could not be read is undefined and not checked. */
export interface Room {
  readonly cpus: readonly number[] | undefined;
  /** MemAvailable: without swapping, by the kernel's own estimate (proc(5)). */
  readonly memoryBytes: number | undefined;
  /** Free where guests have their disks. */
  readonly diskBytes: number | undefined;
}

const LOOK = `
printf 'online %s\\n' "$(cat /sys/devices/system/cpu/online)"
printf 'available %s\\n' "$(sed -n 's/^MemAvailable:[[:space:]]*\\([0-9]*\\) kB$/\\1/p' /proc/meminfo)"
`;

/** Reads the resources of a host. Read-only. */
export async function readRoom(host: Executor, workDir: string): Promise<Room> {
  const text = (await printed(host, ['sh', '-c', LOOK])) ?? '';
  const word = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const cpus = readCpuList(word('online'));
  const available = word('available');
  return {
    cpus: cpus === undefined || cpus.length === 0 ? undefined : cpus,
    memoryBytes: /^\d{1,15}$/.test(available) ? Number(available) * 1024 : undefined,
    diskBytes: await freeBytes(host, workDir),
  };
}

/**
 * Why the guests of a workload do not fit a host all at once; undefined when they do. Memory is added up where the platform
 * limits it for each guest; disk space is what all suites write. Pure.
 */
export function misfit(
  room: Room,
  trial: PlannedTrial,
  needs: {
    readonly target: TargetConfig;
    readonly platform: Pick<Platform, 'enforces'>;
    readonly suites: ReadonlyMap<string, Suite>;
    readonly profile: ProfileId;
  },
): Omit<Problem, 'stage'> | undefined {
  const { target, platform, suites, profile } = needs;
  const { cpus, memoryBytes = 0 } = target.shape;
  const count = trial.assignments.length;
  const many = `${count} guest${count === 1 ? '' : 's'} of workload ${trial.workload ?? ''}`;
  if (room.cpus !== undefined && !cpus.every((cpu) => room.cpus?.includes(cpu) === true)) {
    const message = `${many} do not fit the host: a CPU of their target is not online`;
    return { message, expected: `CPUs ${writeCpuList(cpus)}`, found: `CPUs ${writeCpuList(room.cpus)}` };
  }
  const memory = platform.enforces.includes('memory') ? memoryBytes * count : 0;
  if (room.memoryBytes !== undefined && memory > room.memoryBytes) {
    const hint = 'give the target less memory, or the host more';
    return {
      message: `${many} need more memory than the host has available`,
      ...contrast(memory, room.memoryBytes),
      hint,
    };
  }
  const written = trial.assignments.map(({ suite }) => suites.get(suite)?.profiles[profile].scratchBytes ?? 0);
  const disk = written.reduce((sum, bytes) => sum + bytes, 0);
  if (room.diskBytes !== undefined && disk > room.diskBytes) {
    const hint = 'free disk space, or set workDir of the host to a larger file system';
    return { message: `${many} need more disk space than is free`, ...contrast(disk, room.diskBytes), hint };
  }
  return undefined;
}

/** A workload on a target whose guests do not fit the host, and why. */
export interface Misfit {
  readonly key: string;
  readonly problem: Problem;
}

/** Identifies the workload or suite of a trial on its target. */
export const misfitKey = (trial: PlannedTrial): string => `${trial.target} ${benchmarkOf(trial)}`;

/** The planned workloads whose guests do not fit a host as it is now. */
export async function findMisfits({ world, run, pending }: HostContext, host: Host): Promise<readonly Misfit[]> {
  const { plan } = run.stored;
  const targets = new Map(plan.targets.filter((target) => target.host === host.id).map((each) => [each.id, each]));
  const planned = new Map(
    plan.trials
      .filter(({ target, workload }) => targets.has(target) && workload !== undefined)
      .map((trial) => [misfitKey(trial), trial]),
  );
  // Guests of pending trials already use their share, and fitted when they were started.
  if (pending(host.id).length > 0 || planned.size === 0) return [];
  const room = await readRoom(host.executor, host.workDir);
  const profile = measuredProfile(plan.profile);
  return [...planned].flatMap(([key, trial]): Misfit[] => {
    const target = targets.get(trial.target);
    const platform = target === undefined ? undefined : world.platforms.get(target.platform);
    if (trial.workload === undefined || target === undefined || platform === undefined) return [];
    const why = misfit(room, trial, { target, platform, suites: world.suites, profile });
    if (why === undefined) return [];
    return [{ key, problem: { stage: 'probe', host: host.id, target: target.id, suite: trial.workload, ...why } }];
  });
}

const contrast = (needed: number, there: number): { expected: string; found: string } => ({
  expected: `${inMiB(needed)} MiB`,
  found: `${inMiB(there)} MiB`,
});

const inMiB = (bytes: number): number => Math.floor(bytes / 2 ** 20);
