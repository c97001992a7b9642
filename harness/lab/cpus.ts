import { readFile } from 'node:fs/promises';

/** The CPUs that this process may use, ascending: `Cpus_allowed_list` of proc(5). */
export async function allowedCpus(): Promise<readonly number[]> {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(await readFile('/proc/self/status', 'utf8'))?.[1];
  return readCpuList(list ?? '0');
}

/** Reads the kernel's list format, `0-2,5`. */
export function readCpuList(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/**
 * The CPUs for whatever drives a lab on its own machine, so that it stays off the CPU of `up` targets: the first one,
 * where the sshds of the hosts are, too.
 */
export function labOrchestratorCpus(all: readonly number[]): readonly number[] {
  return all.slice(0, 1);
}

/** The CPUs of targets: `up` is one that nothing of the lab uses when there are two; `smp` is all of them. */
export function labTargetCpus(all: readonly number[]): {
  readonly up: readonly number[];
  readonly smp: readonly number[];
} {
  const up = all[1] ?? all[0] ?? 0;
  return { up: [up], smp: all.length > 2 ? all.slice(1) : all };
}
