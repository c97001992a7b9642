import { readFile } from 'node:fs/promises';
import { readCpuList } from '../host/cpu-list.js';

/** The CPUs that this process may use, ascending: `Cpus_allowed_list` of proc(5). */
export async function allowedCpus(): Promise<readonly number[]> {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  return readCpuList(list ?? '') ?? [0];
}

/**
 * The CPUs of targets, off the first one where the sshds of the hosts are: `up` is one, `smp` all but the first; with
 * two CPUs in all, `smp` is both.
 */
export function labTargetCpus(all: readonly number[]): {
  readonly up: readonly number[];
  readonly smp: readonly number[];
} {
  const up = all[1] ?? all[0] ?? 0;
  return { up: [up], smp: all.length > 2 ? all.slice(1) : all };
}
