import { createHash } from 'node:crypto';
import type { CgroupVersion } from '../../host/cgroup.js';
import { writeCpuList } from '../../host/cpu-list.js';
import type { Shape } from '../../types.js';
import type { ImageOptions } from '../container/options.js';
import type { GuestPaths } from '../container/paths.js';
import { GUEST_WORK_DIR } from '../guest/names.js';

/** The scheduler period that a cap is a share of, in microseconds: the kernel's default. */
const PERIOD_US = 100_000;

/** Labels of a container: the parent group of its guest, and a hash of the options of its `run`. */
export const LABEL = { group: 'bench.group', spec: 'bench.spec' } as const;

/** The options of `run` that give a guest its shape; docker and podman share them. */
export function limitOptions(shape: Shape, version: CgroupVersion): readonly string[] {
  const { cpus, cpuWeight, cpuCap, memoryBytes } = shape;
  const quota = cpuCap === undefined ? undefined : Math.max(1000, Math.round(cpuCap * PERIOD_US));
  return [
    `--cpuset-cpus=${writeCpuList(cpus)}`,
    ...(cpuWeight === undefined ? [] : [`--cpu-shares=${sharesOf(cpuWeight, version)}`]),
    ...(quota === undefined ? [] : [`--cpu-period=${PERIOD_US}`, `--cpu-quota=${quota}`]),
    ...(memoryBytes === undefined ? [] : [`--memory=${memoryBytes}b`]),
  ];
}

/**
 * Engines take shares on both interfaces. On version 2 the runtime turns them into a weight, 1 + (shares - 2) * 9999 /
 * 262142 rounded down (runtime-spec, cgroup v2 conversion); newer runtimes have another formula, so that what is in force
 * is read back and corrected afterwards.
 */
export function sharesOf(weight: number, version: CgroupVersion): number {
  const shares =
    version === 1 ? Math.round((1024 * weight) / 100) : 2 + Math.ceil(((Math.round(weight) - 1) * 262_142) / 9999);
  return Math.min(262_144, Math.max(2, shares));
}

/**
 * The options of `run` that a guest has in either engine. Its /dev/shm is as large as its memory allows, and may hold
 * programs: a kernel is compiled there.
 */
export function guestOptions(paths: GuestPaths, options: ImageOptions, parent: string): readonly string[] {
  return [
    `--name=${paths.name}`,
    `--hostname=${paths.name}`,
    `--network=${options.network}`,
    `--cgroup-parent=${parent}`,
    '--tmpfs=/dev/shm:rw,exec,nosuid,nodev,mode=1777',
    `--volume=${paths.disk}:${GUEST_WORK_DIR}`,
    '--log-driver=none',
    '--restart=no',
    ...(options.seccomp === 'default' ? [] : ['--security-opt=seccomp=unconfined']),
  ];
}

/** Labels that identify a container as the harness's, and as one with the same options. */
export function labelOptions(
  paths: GuestPaths,
  run: readonly string[],
): { readonly spec: string; readonly options: string[] } {
  const spec = createHash('sha256').update(JSON.stringify(run)).digest('hex').slice(0, 16);
  return { spec, options: [`--label=${LABEL.group}=${paths.group}`, `--label=${LABEL.spec}=${spec}`] };
}
