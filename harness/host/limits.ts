import type { Finding, Shape } from '../types.js';
import type { CgroupVersion } from './cgroup.js';
import { readCpuList, writeCpuList } from './cpu-list.js';

/** The checks of a shape, by the names that findings carry. `verifyShape` looks for them among those of a driver. */
export const CHECK = {
  cpus: 'CPU set',
  weight: 'CPU weight',
  cap: 'CPU cap',
  memory: 'memory limit',
  disk: 'disk limit',
  parentWeight: 'weight of the parent group',
  above: 'groups above the guest',
} as const;

/** The scheduler period that a cap is a share of, in microseconds: the kernel's default. */
const PERIOD_US = 100_000;
/** The kernel's bounds: sched-bwc.rst (quota at least 1 ms), MIN_SHARES and MAX_SHARES in sched.h, cgroup-v2.rst. */
const BOUNDS = { quotaUs: 1_000, shares: [2, 262_144], weight: [1, 10_000] } as const;
/** Memory limits are kept in pages, at most 64 KiB. */
const LARGEST_PAGE = 65_536;

/** One limit as a control group has it: what is written to its files, and the value that they must read back. */
export interface Limit {
  readonly check: string;
  readonly controller: 'cpuset' | 'cpu' | 'memory';
  /** Files and values, in the order in which they have to be written. */
  readonly writes: readonly (readonly [file: string, value: string])[];
  /** Files with the value in force. */
  readonly reads: readonly string[];
  readonly expected: string;
  /** What the contents of `reads`, in their order, mean; `undefined` when they are not understood. */
  describe(contents: readonly string[]): { readonly found: string; readonly ok: boolean } | undefined;
}

/**
 * The limits that a shape asks of a control group: cpuset.cpus, cpu.shares or cpu.weight, cpu.cfs_quota_us or cpu.max,
 * memory.limit_in_bytes or memory.max (cgroup-v1 and cgroup-v2.rst of the kernel). `versionOf` names the interface
 * each controller has on the host. Weights are on the scale of version 2; 100 is 1024 shares.
 */
export function limitsOf(
  shape: Shape,
  versionOf: (controller: Limit['controller']) => CgroupVersion,
): readonly Limit[] {
  return [
    cpuSet(shape.cpus, versionOf('cpuset')),
    ...(shape.cpuWeight === undefined ? [] : [weight(shape.cpuWeight, versionOf('cpu'))]),
    ...(shape.cpuCap === undefined ? [] : [cap(shape.cpuCap, versionOf('cpu'))]),
    ...(shape.memoryBytes === undefined ? [] : [memory(shape.memoryBytes, versionOf('memory'))]),
  ];
}

function cpuSet(cpus: readonly number[], version: CgroupVersion): Limit {
  const expected = writeCpuList(cpus);
  return {
    check: CHECK.cpus,
    controller: 'cpuset',
    writes: [['cpuset.cpus', expected]],
    // The file keeps the requested value even if it has no effect (a CPU offline, a parent with fewer): read the effect.
    reads: [version === 2 ? 'cpuset.cpus.effective' : 'cpuset.effective_cpus'],
    expected,
    describe([text]) {
      const found = text === undefined ? undefined : readCpuList(text);
      if (found === undefined || found.length === 0) return undefined;
      return { found: writeCpuList(found), ok: writeCpuList(found) === expected };
    },
  };
}

function weight(wanted: number, version: CgroupVersion): Limit {
  const [low, high] = version === 2 ? BOUNDS.weight : BOUNDS.shares;
  const value = Math.min(high, Math.max(low, Math.round(version === 2 ? wanted : (1024 * wanted) / 100)));
  const unit = version === 2 ? 'weight' : 'shares';
  const file = version === 2 ? 'cpu.weight' : 'cpu.shares';
  return {
    check: CHECK.weight,
    controller: 'cpu',
    writes: [[file, String(value)]],
    reads: [file],
    expected: `${unit} ${value}`,
    describe([text]) {
      const found = readCount(text);
      return found === undefined ? undefined : { found: `${unit} ${found}`, ok: found === value };
    },
  };
}

function cap(wanted: number, version: CgroupVersion): Limit {
  const quota = Math.max(BOUNDS.quotaUs, Math.round(wanted * PERIOD_US));
  const expected = `${wanted} CPUs`;
  return {
    check: CHECK.cap,
    controller: 'cpu',
    writes:
      version === 2
        ? [['cpu.max', `${quota} ${PERIOD_US}`]]
        : [
            ['cpu.cfs_period_us', String(PERIOD_US)],
            ['cpu.cfs_quota_us', String(quota)],
          ],
    reads: version === 2 ? ['cpu.max'] : ['cpu.cfs_quota_us', 'cpu.cfs_period_us'],
    expected,
    describe(contents) {
      const [limit, period] = contents.join(' ').trim().split(/\s+/);
      if (limit === 'max' || limit === '-1') return { found: 'none', ok: false };
      const [found, per] = [readCount(limit), readCount(period)];
      if (found === undefined || per === undefined || per === 0) return undefined;
      return { found: `${found / per} CPUs`, ok: Math.abs(found / per - wanted) <= 0.01 * wanted };
    },
  };
}

function memory(wanted: number, version: CgroupVersion): Limit {
  const file = version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
  return {
    check: CHECK.memory,
    controller: 'memory',
    writes: [[file, String(wanted)]],
    reads: [file],
    expected: `${wanted} B`,
    describe([text]) {
      if (text?.trim() === 'max') return { found: 'none', ok: false };
      const found = readCount(text);
      if (found === undefined) return undefined;
      return { found: `${found} B`, ok: found <= wanted && wanted - found < LARGEST_PAGE };
    },
  };
}

/** Compares a limit with the content of its files; `undefined` for a file that could not be read. */
export function judgeLimit(limit: Limit, contents: readonly (string | undefined)[]): Finding {
  const { check, expected } = limit;
  const texts = contents.filter((text) => text !== undefined);
  const read = texts.length === limit.reads.length ? limit.describe(texts) : undefined;
  if (read !== undefined) return { check, expected, found: read.found, verdict: read.ok ? 'ok' : 'differs' };
  // A requested limit that cannot be read is not in force.
  const hint = `the ${limit.controller} controller may not be enabled for this group`;
  return { check, expected, found: `cannot read ${limit.reads.join(', ')}`, verdict: 'differs', hint };
}

function readCount(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return /^\d{1,20}$/.test(trimmed) ? Number(trimmed) : undefined;
}
