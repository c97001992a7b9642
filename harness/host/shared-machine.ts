import type { ProcessIdentity } from '../process-identity.js';
import type { Executor, HostConfig } from '../types.js';
import { printed } from './printed.js';

/**
 * What a host shares with the machine that runs `bench`:
 *
 * - `kernel`: the host is that machine, or a lab host in namespaces of it, or a host over SSH in the same boot. Its settings are that machine's settings, and
 *   its CPUs are those that `bench` and other hosts run on.
 * - `processors`: an emulated lab machine. It has a kernel and settings of its own, but its CPUs are threads of a process
 *   on that machine, and slow down with everything else that runs there.
 * - `nothing`: any other host.
 *
 * The way the host is reached (`connect`), its `lab`, and what `asReached` found decide; its address does not.
 */
export type SharedWithBench = 'kernel' | 'processors' | 'nothing';

/** What this host shares with the machine that runs `bench`. Pure. */
export function sharedWithBench({
  connect,
  lab,
  sharesKernel,
}: Pick<HostConfig, 'connect' | 'lab' | 'sharesKernel'>): SharedWithBench {
  if (connect.via === 'local' || lab === 'namespace' || sharesKernel === true) return 'kernel';
  return lab === 'emulated' ? 'processors' : 'nothing';
}

/** Whether restarting this host would end the process that runs `bench`. Pure. */
export const isThisMachine = ({ connect, sharesKernel }: Pick<HostConfig, 'connect' | 'sharesKernel'>): boolean =>
  connect.via === 'local' || sharesKernel === true;

/**
 * The configuration of a host with what only a look at it shows: a host over SSH that is in the same boot as `bench` is the
 * same machine, under whatever name and in whatever container. Boot ids are random (proc_sys_kernel(5)).
 */
export async function asReached(
  executor: Executor,
  config: HostConfig,
  { scope }: Pick<ProcessIdentity, 'scope'>,
): Promise<HostConfig> {
  if (config.connect.via === 'local' || config.lab !== undefined) return config;
  const [, mine = ''] = scope.split('-');
  const its = (await printed(executor, ['cat', '/proc/sys/kernel/random/boot_id']))?.trim().replaceAll('-', '');
  return mine !== '' && its === mine ? { ...config, sharesKernel: true } : config;
}
