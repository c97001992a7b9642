import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import type { Entrance } from '../guest/entered.js';
import type { Place } from './place.js';

/**
 * `vserver NAME exec` hands the caller's environment on and becomes the command, whose death by signal an SSH server may
 * then report as 255. The environment is emptied, and a shell stays behind that says 128 + n; what it would print of
 * such a death itself goes nowhere.
 */
const ENTER = 'exec 3>&2 2>/dev/null; (exec env -i PATH="$PATH" vserver "$@" 2>&3 3>&-); exit $?';

/**
 * As root, in the guest's context and control group. No `--` comes before the command: it would be taken for one. Not
 * `vcontext --migrate`, which is quicker: what it starts is outside the control group, and no cap holds it.
 */
export function entranceOf(host: Executor, place: Place): Entrance {
  return {
    where: `${host.where} vserver:${place.name}`,
    name: place.name,
    hint: `see ${place.log} on the host`,
    wrap: (argv) => ['sh', '-c', ENTER, 'sh', place.name, 'exec', ...argv],
    isRunning: () => isRunning(host, place),
  };
}

/** Whether util-vserver says that the guest runs; false also where it is not installed or does not know the guest. */
export async function isRunning(host: Executor, { name }: Place): Promise<boolean> {
  return (await printed(host, ['vserver', name, 'running'])) !== undefined;
}
