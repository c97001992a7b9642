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

/** Reads a mask in the kernel's format, words of 32 bits in hexadecimal, the highest first: `00000001,0000000f`. */
export function readCpuMask(text: string): readonly number[] | undefined {
  const words = text.trim().split(',');
  if (words.length > MOST_CPUS / 32 || words.some((word) => !/^[0-9a-f]{1,8}$/i.test(word))) return undefined;
  const mask = BigInt(`0x${words.map((word) => word.padStart(8, '0')).join('')}`);
  return Array.from({ length: words.length * 32 }, (_, cpu) => cpu).filter(
    (cpu) => ((mask >> BigInt(cpu)) & 1n) === 1n,
  );
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
