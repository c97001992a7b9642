import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import type { Entrance } from '../guest/entered.js';
import type { GuestPaths } from './paths.js';

/**
 * `vserver NAME exec` hands the caller's environment on and becomes the command, whose death by signal an SSH server may
 * then report as 255. The environment is emptied, and a shell stays that exits with 128 + n; its own message about such
 * a death is discarded.
 */
const ENTER = 'exec 3>&2 2>/dev/null; (exec env -i PATH="$PATH" vserver "$@" 2>&3 3>&-); exit $?';

/**
 * As root, in the guest's context and control group. There is no `--` before the command: it would be run as the command. Not
 * `vcontext --migrate`, which is quicker: what it starts is outside the control group, so no cap applies to it.
 */
export function entranceOf(host: Executor, paths: GuestPaths): Entrance {
  return {
    where: `${host.where} vserver:${paths.name}`,
    name: paths.name,
    hint: `see ${paths.log} on the host`,
    wrap: (argv) => ['sh', '-c', ENTER, 'sh', paths.name, 'exec', ...argv],
    isRunning: () => isRunning(host, paths),
  };
}

/** Whether util-vserver reports the guest as running; false also where it is not installed or has no such guest. */
export async function isRunning(host: Executor, { name }: GuestPaths): Promise<boolean> {
  return (await printed(host, ['vserver', name, 'running'])) !== undefined;
}
