import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import { containerDriver } from '../container/driver.js';
import { ISOLATION } from '../container/isolation.js';
import { imageOptions, type ImageOptions } from '../container/options.js';
import { mountRoot } from '../container/start.js';
import type { ContainerTool } from '../container/tool.js';
import { ENGINE_CLEANUP, pidOfContainer, startContainer, type EngineCommand } from '../engine/engine.js';

/**
 * Groups by path on every host, so that guests are siblings; crun, which podman prefers, refuses a host whose controllers
 * are of version 1.
 */
const FLAGS = `
set -- --cgroup-manager cgroupfs --events-backend file "$@"
if [ ! -e /sys/fs/cgroup/cgroup.controllers ] && command -v runc >/dev/null; then set -- --runtime runc "$@"; fi
`;
const PODMAN: EngineCommand = ['sh', '-c', `${FLAGS}exec podman "$@"`, 'podman'];

const tool: ContainerTool<ImageOptions, 'podman'> = {
  id: 'podman',
  label: 'Podman container',
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    // `podman container checkpoint`, and its --export and --pre-checkpoint, by CRIU.
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: ISOLATION,
  },
  packages: ['podman', 'runc'],
  options: imageOptions,
  probe: {
    script: `
if command -v podman >/dev/null; then
  report podman ''
  if why=$(podman info --format '{{.Version.Version}}' 2>&1); then report runtime ''; else report runtime "$why"; fi
  if [ -n "$2" ]; then
    if podman image exists "$2" 2>/dev/null; then report image ''; else report image "no image $2"; fi
  fi
else report podman 'not installed'; fi
look_for_overlay
look_at_root "$1"
`,
    conditions: {
      podman: { expected: 'podman', hint: 'install the package podman, or let `bench prepare` do it' },
      runtime: { expected: 'an OCI runtime and storage', hint: 'podman info must work' },
      image: { expected: 'the image of the target', hint: 'pull or build it first: nothing is pulled by a run' },
    },
    argv: (options) => [options?.rootfs ?? '', options?.image ?? ''],
  },
  cleanup: `engine() { (${FLAGS}exec podman "$@"); }\n${ENGINE_CLEANUP}`,
  async start(host, launch) {
    const { paths, options } = launch;
    if (options.rootfs !== undefined) await mountRoot(host, options.rootfs, paths);
    await startContainer(host, PODMAN, launch, {
      parent: `/${paths.group}`,
      source: options.image === undefined ? ['--rootfs', paths.root] : [options.image],
      more: [...(await limitsOfRoot(host)), ...(options.image === undefined ? [] : ['--pull=never'])],
    });
  },
  pidOf: (host, paths) => pidOfContainer(host, PODMAN, paths),
  enter: ({ name }) => [...PODMAN, 'exec', '--interactive', name],
};

/** Podman containers, without a daemon. */
export const podman = containerDriver(tool);

/** The limit that podman itself sets; it lowers higher ones to this. */
const PODMAN_LIMIT = 1_048_576;

/**
 * The limits on files and processes that root has on the host: podman's defaults are higher than a root without
 * CAP_SYS_RESOURCE may set. It allows no more processes than the kernel has process ids.
 */
async function limitsOfRoot(host: Executor): Promise<readonly string[]> {
  const text = (await printed(host, ['cat', '/proc/self/limits', '/proc/sys/kernel/pid_max'])) ?? '';
  const hard = (name: string): number =>
    Number(new RegExp(`^Max ${name} +\\S+ +(\\d+) `, 'm').exec(text)?.[1] ?? Infinity);
  const most = Number(/^\d+$/m.exec(text)?.[0] ?? Infinity);
  const files = Math.min(hard('open files'), PODMAN_LIMIT);
  const processes = Math.min(hard('processes'), most, PODMAN_LIMIT);
  return [`--ulimit=nofile=${files}:${files}`, `--ulimit=nproc=${processes}:${processes}`];
}
