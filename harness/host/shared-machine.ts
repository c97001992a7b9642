import type { HostConfig } from '../types.js';

/**
 * What a host shares with the machine that runs `bench`:
 *
 * - `kernel`: the host is that machine, or a lab host in namespaces of it. Its settings are that machine's settings, and
 *   its CPUs are those that `bench` and other hosts run on.
 * - `processors`: an emulated lab machine. It has a kernel and settings of its own, but its CPUs are threads of a process
 *   on that machine, and slow down with everything else that runs there.
 * - `nothing`: any other host.
 *
 * Only the way the host is reached (`connect`) and its `lab` decide.
 */
export type SharedWithBench = 'kernel' | 'processors' | 'nothing';

/** What this host shares with the machine that runs `bench`. Pure. */
export function sharedWithBench({ connect, lab }: Pick<HostConfig, 'connect' | 'lab'>): SharedWithBench {
  if (connect.via === 'local' || lab === 'namespace') return 'kernel';
  return lab === 'emulated' ? 'processors' : 'nothing';
}
