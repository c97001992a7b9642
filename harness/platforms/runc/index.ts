import { printed } from '../../host/printed.js';
import { containerDriver } from '../container/driver.js';
import { ISOLATION } from '../container/isolation.js';
import { directoryOptions, type DirectoryOptions } from '../container/options.js';
import type { GuestPaths } from '../container/paths.js';
import { launch, mountRoot } from '../container/start.js';
import type { ContainerTool } from '../container/tool.js';
import { bundleConfig } from './bundle.js';

/** runc's own state of a guest lies with the guest: no list of the host's is read or changed. */
const stateOf = ({ dir }: GuestPaths): string => `${dir}/state`;

/** In its state directory a container that ended stays listed until it is deleted, and would refuse to be run again. */
const CLEANUP = `
halt() {
  [ -d "$guests/$1/state/$1" ] || return 0
  # What crashed while it started has a directory and no state; what runs in its groups is killed afterwards.
  timeout -k 2 15 runc --root "$guests/$1/state" delete --force "$1" >/dev/null 2>&1 || :
  rm -rf "$guests/$1/state"
}
discard() { :; }
`;

const tool: ContainerTool<DirectoryOptions, 'runc'> = {
  id: 'runc',
  label: 'OCI container (runc)',
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    // `runc checkpoint`, and its --pre-dump and --lazy-pages, by CRIU.
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: ISOLATION,
  },
  packages: ['runc'],
  options: directoryOptions,
  probe: {
    script: `
if command -v runc >/dev/null; then report runc ''; else report runc 'not installed'; fi
look_for_overlay
look_at_root "$1"
`,
    conditions: { runc: { expected: 'runc', hint: 'install the package runc, or let `bench prepare` do it' } },
    argv: (options) => [options?.rootfs ?? ''],
  },
  cleanup: CLEANUP,
  async start(host, { paths, options, shape, versionOf }) {
    await mountRoot(host, options.rootfs, paths);
    const content = `${JSON.stringify(bundleConfig(paths, options, shape, versionOf), null, 2)}\n`;
    await host.put({ path: `${paths.dir}/config.json`, content });
    await launch(host, paths, ['runc', '--root', stateOf(paths), 'run', '--detach', '--bundle', paths.dir, paths.name]);
  },
  async pidOf(host, paths) {
    const state = await printed(host, ['runc', '--root', stateOf(paths), 'state', paths.name]);
    const { status, pid } = readState(state);
    return status === 'running' && pid !== undefined && pid > 0 ? pid : undefined;
  },
  enter: (paths) => ['runc', '--root', stateOf(paths), 'exec', paths.name],
};

/** Containers from a bundle of the harness's own, by the runtime that Docker and Podman use. */
export const runc = containerDriver(tool);

function readState(text: string | undefined): { readonly status?: unknown; readonly pid?: number } {
  try {
    const { status, pid } = JSON.parse(text ?? '') as { status?: unknown; pid?: unknown };
    return { status, ...(typeof pid === 'number' ? { pid } : {}) };
  } catch {
    return {};
  }
}
