import type { Finding, Guest, Shape } from '../types.js';
import { readCpuList, readCpuMask, writeCpuList } from './cpu-list.js';
import { CHECK } from './limits.js';
import { printed } from './printed.js';

/** What a guest reports from inside. `undefined` where it could not be read. */
export interface InsideView {
  /** CPUs that a new process may run on. */
  readonly allowed: readonly number[] | undefined;
  /** nproc(1), which is what most programs size themselves by. */
  readonly processors: number | undefined;
  readonly memTotalBytes: number | undefined;
  /** The limit of the guest's control group, when it can see it and there is one. */
  readonly groupLimitBytes: number | undefined;
}

/**
 * Affinity that is only inherited is undone first: what counts is where a process of the guest can run when it asks, as
 * the agent will. (`bench` keeps itself off the guests' CPUs, and its children on this machine begin with that.)
 */
const LOOK = `
free=
! taskset -c 0-8191 true 2>/dev/null || free='taskset -c 0-8191'
printf 'allowed %s\\n' "$($free sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status)"
printf 'mask %s\\n' "$($free sed -n 's/^Cpus_allowed:[[:space:]]*//p' /proc/self/status)"
printf 'processors %s\\n' "$($free nproc)"
printf 'total %s\\n' "$(sed -n 's/^MemTotal:[[:space:]]*\\([0-9]*\\) kB$/\\1/p' /proc/meminfo)"
for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
  [ ! -r "$limit" ] || printf 'limit %s\\n' "$(cat "$limit")"
done
:`;

/**
 * Whether a guest has its shape: as its processes see it, and as the driver reads it back from outside. Where the
 * driver cannot confine a guest to its CPUs (`native`), having at least these is enough.
 */
export async function verifyShape(guest: Guest, shape: Shape): Promise<Finding[]> {
  const text = await printed(guest.executor, ['sh', '-c', LOOK]);
  const outside = await guest.readBack();
  return [...judgeInside(guest.cpus, shape, readInside(text ?? ''), outside), ...outside];
}

/** Reads what `LOOK` prints. */
export function readInside(text: string): InsideView {
  const word = (name: string): string | undefined => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]?.trim();
  const count = (name: string): number | undefined => {
    const found = word(name);
    return found !== undefined && /^\d{1,19}$/.test(found) ? Number(found) : undefined;
  };
  const list = readCpuList(word('allowed') ?? '');
  // Kernels before 2.6.24 print the mask alone.
  const allowed = list === undefined || list.length === 0 ? readCpuMask(word('mask') ?? '') : list;
  const total = count('total');
  const limit = count('limit');
  return {
    allowed: allowed === undefined || allowed.length === 0 ? undefined : allowed,
    processors: count('processors'),
    memTotalBytes: total === undefined ? undefined : total * 1024,
    groupLimitBytes: limit,
  };
}

/** Pure: the view from inside against CPUs numbered as inside and the shape, given what the driver read from outside. */
export function judgeInside(
  cpus: Guest['cpus'],
  shape: Shape,
  inside: InsideView,
  outside: readonly Finding[],
): Finding[] {
  const held = outside.find(({ check }) => check === CHECK.cpus)?.verdict !== 'unavailable';
  return [
    judgeAllowed(cpus, inside.allowed, held),
    judgeProcessors(cpus, inside.processors, held),
    ...(shape.memoryBytes === undefined ? [] : [judgeMemory(shape.memoryBytes, inside, outside)]),
  ];
}

function judgeAllowed(wanted: readonly number[], allowed: InsideView['allowed'], held: boolean): Finding {
  const finding = {
    check: 'CPUs allowed inside',
    expected: held ? writeCpuList(wanted) : `at least ${writeCpuList(wanted)}`,
    found: allowed === undefined ? 'cannot be read' : writeCpuList(allowed),
  };
  const ok =
    allowed !== undefined &&
    wanted.every((cpu) => allowed.includes(cpu)) &&
    (!held || allowed.length === wanted.length);
  return { ...finding, verdict: ok ? 'ok' : 'differs' };
}

function judgeProcessors(wanted: readonly number[], processors: number | undefined, held: boolean): Finding {
  const finding = {
    check: 'processors inside',
    expected: held ? String(wanted.length) : `at least ${wanted.length}`,
    found: processors === undefined ? 'cannot be read' : String(processors),
  };
  // A guest without nproc(1) is not a guest of another shape: its affinity is checked above.
  if (processors === undefined) return { ...finding, verdict: 'unavailable', hint: 'the guest has no nproc(1)' };
  const ok = held ? processors === wanted.length : processors >= wanted.length;
  return { ...finding, verdict: ok ? 'ok' : 'differs' };
}

/**
 * Why a guest no longer has the limits that it had before it measured; `undefined` while it has. A check that was `ok`
 * must not differ now, and the groups above it must read the same. Pure.
 */
export function changedLimits(before: readonly Finding[], after: readonly Finding[]): string | undefined {
  for (const now of after) {
    const was = before.find(({ check }) => check === now.check);
    if (was?.verdict !== 'ok') continue;
    if (now.verdict !== 'differs' && !(now.check === CHECK.above && now.found !== was.found)) continue;
    return `${now.check} changed during the trial: ${was.found} before, ${now.found} after`;
  }
  return undefined;
}

/** A virtual machine's kernel keeps part of its memory to itself before it counts the total. */
const KERNEL_SHARE = 0.2;

function judgeMemory(wanted: number, inside: InsideView, outside: readonly Finding[]): Finding {
  const check = 'memory inside';
  const expected = `${wanted} B`;
  const { memTotalBytes: total, groupLimitBytes: limit } = inside;
  const smallest = Math.min(total ?? Infinity, limit ?? Infinity);
  if (smallest === Infinity) {
    return { check, expected, found: 'cannot be read', verdict: 'unavailable' };
  }
  const found = `${smallest} B`;
  if (smallest <= wanted && smallest >= wanted * (1 - KERNEL_SHARE)) return { check, expected, found, verdict: 'ok' };
  const limited = outside.find((finding) => finding.check === CHECK.memory)?.verdict === 'ok';
  if (smallest < wanted) return { check, expected, found, verdict: 'differs' };
  const hint = limited
    ? "limited from outside; programs inside see the host's total and may size themselves by it"
    : "nothing limits it: programs inside see and can use the host's total";
  return { check, expected, found, verdict: 'unavailable', hint };
}
