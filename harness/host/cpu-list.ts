/**
 * The kernel's list format of CPUs, `0-3,8` (Documentation/admin-guide/cputopology.rst, cpuset(7) "List Format").
 */

/** More CPUs than any kernel supports: a longer list is not a list of CPUs. */
const MOST_CPUS = 8192;

/** Reads `0-3,8` into ascending, distinct numbers; an empty text is an empty list, anything else `undefined`. */
export function readCpuList(text: string): readonly number[] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const cpus = new Set<number>();
  for (const part of trimmed.split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (range === null) return undefined;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (first > last || last >= MOST_CPUS) return undefined;
    for (let cpu = first; cpu <= last; cpu += 1) cpus.add(cpu);
  }
  return [...cpus].sort((a, b) => a - b);
}

/** Writes CPUs as the kernel does: `[0, 1, 2, 8]` is `0-2,8`. */
export function writeCpuList(cpus: readonly number[]): string {
  const ranges: { first: number; last: number }[] = [];
  for (const cpu of [...new Set(cpus)].sort((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open !== undefined && cpu === open.last + 1) open.last = cpu;
    else ranges.push({ first: cpu, last: cpu });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}
