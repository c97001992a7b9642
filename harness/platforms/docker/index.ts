import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import { containerDriver } from '../container/driver.js';
import { ISOLATION } from '../container/isolation.js';
import { imageOptions, type ImageOptions } from '../container/options.js';
import type { GuestPaths } from '../container/paths.js';
import { runScript, scriptAt } from '../guest/script.js';
import { DISCARD_SLICE } from '../container/systemd.js';
import type { ContainerTool } from '../container/tool.js';
import { ENGINE_CLEANUP, pidOfContainer, startContainer } from '../engine/engine.js';

const DOCKER = ['docker'] as const;

const tool: ContainerTool<ImageOptions, 'docker'> = {
  id: 'docker',
  label: 'Docker container',
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    // `docker checkpoint`, by CRIU and marked as experimental.
    checkpointResume: true,
    liveMigration: false,
    liveUpdate: false,
    isolation: ISOLATION,
  },
  packages: ['docker.io'],
  units: ['docker', 'containerd'],
  options: imageOptions,
  probe: {
    script: `
if command -v docker >/dev/null; then
  report docker ''
  if why=$(docker version --format '{{.Server.Version}}' 2>&1); then report engine ''; else report engine "$why"; fi
  if [ -n "$2" ]; then
    if docker image inspect -- "$2" >/dev/null 2>&1; then report image ''; else report image "no image $2"; fi
  fi
else report docker 'not installed'; fi
look_at_root "$1"
`,
    conditions: {
      docker: { expected: 'docker', hint: 'install the package docker.io, or let `bench prepare` do it' },
      engine: { expected: 'a running engine', hint: 'start it: systemctl start docker' },
      image: { expected: 'the image of the target', hint: 'pull or build it first: nothing is pulled by a run' },
    },
    argv: (options) => [options?.rootfs ?? '', options?.image ?? ''],
  },
  cleanup: `engine() { docker "$@"; }\n${ENGINE_CLEANUP}${DISCARD_SLICE}`,
  async start(host, launch) {
    const { paths, options } = launch;
    const image = options.image ?? (await importRoot(host, options.rootfs ?? '', paths));
    const parent = await parentOf(host, paths);
    await startContainer(host, DOCKER, launch, { parent, source: [image], more: ['--pull=never'] });
  },
  pidOf: (host, paths) => pidOfContainer(host, DOCKER, paths),
  enter: ({ name }) => [...DOCKER, 'exec', '--interactive', name],
};

/** Docker containers by the command line of the engine that runs on the host, with its own filter of system calls. */
export const docker = containerDriver(tool);

/** An engine whose groups systemd keeps takes a slice as the parent, others a path. */
async function parentOf(host: Executor, { group }: GuestPaths): Promise<string> {
  const driver = (await printed(host, ['docker', 'info', '--format', '{{.CgroupDriver}}']))?.trim();
  if (driver === undefined || driver === '') {
    throw new BenchError({
      stage: 'start',
      message: `the Docker engine of ${host.where} does not report how it keeps groups`,
    });
  }
  return driver === 'systemd' ? `${group}.slice` : `/${group}`;
}

/** The image of a directory; it is kept for the next guest, and is no guest that `reap` removes. */
async function importRoot(host: Executor, rootfs: string, paths: GuestPaths): Promise<string> {
  const script = await scriptAt(new URL('../engine/import.sh', import.meta.url));
  const message = `cannot import ${rootfs} as an image on ${host.where}`;
  return (await runScript(host, script, [rootfs, `${paths.guests}/.lock`], { stage: 'start', message })).trim();
}
