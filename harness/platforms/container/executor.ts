import type { Executor } from '../../types.js';
import { enteredGuest } from '../guest/entered.js';

/**
 * Every possible CPU. Since Linux 6.2 a process passes the affinity that it set on to its children, where it is
 * intersected with their control group's: the harness keeps off the guests' CPUs, and they must not inherit that.
 */
export const ON_ANY_CPU = ['taskset', '-c', '0-8191'] as const;

/** How commands enter a guest. */
interface Entry {
  /** For messages: `root@alpha docker:bench-x`. */
  readonly where: string;
  readonly name: string;
  /** Precedes the command's argv. */
  readonly enter: readonly string[];
  /** Where to look when the guest is gone. */
  readonly log: string;
  readonly isRunning: () => Promise<boolean>;
}

/** Runs commands in a guest: as root, in the guest's control groups, in `/` unless a directory is given. */
export function guestExecutor(host: Executor, { where, name, enter, log, isRunning }: Entry): Executor {
  const wrap = (argv: readonly string[]) => [...ON_ANY_CPU, ...enter, ...argv] as const;
  return enteredGuest(host, { where, name, hint: `see ${log} on the host`, wrap, isRunning });
}
