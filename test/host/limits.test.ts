import { describe, expect, it } from 'vitest';
import { judgeLimit, limitsOf } from '../../harness/host/limits.js';
import type { Shape } from '../../harness/types.js';

const shape: Shape = { cpus: [1, 2], cpuWeight: 700 / 3, cpuCap: 0.25, memoryBytes: 268_435_457 };
const writes = (of: Shape, version: 1 | 2) => limitsOf(of, () => version).flatMap((limit) => limit.writes);

describe('limitsOf', () => {
  it('writes version 1', () => {
    expect(writes(shape, 1)).toEqual([
      ['cpuset.cpus', '1-2'],
      ['cpu.shares', '2389'],
      ['cpu.cfs_period_us', '100000'],
      ['cpu.cfs_quota_us', '25000'],
      ['memory.limit_in_bytes', '268435457'],
    ]);
  });

  it('writes version 2', () => {
    expect(writes(shape, 2)).toEqual([
      ['cpuset.cpus', '1-2'],
      ['cpu.weight', '233'],
      ['cpu.max', '25000 100000'],
      ['memory.max', '268435457'],
    ]);
  });

  it('asks for nothing that the shape does not', () => {
    expect(writes({ cpus: [0] }, 2)).toEqual([['cpuset.cpus', '0']]);
  });

  it('stays within the bounds of the kernel', () => {
    const extreme: Shape = { cpus: [0], cpuWeight: 1e9, cpuCap: 0.001 };
    expect(writes(extreme, 1).map(([, value]) => value)).toEqual(['0', '262144', '100000', '1000']);
    expect(writes(extreme, 2).map(([, value]) => value)).toEqual(['0', '10000', '1000 100000']);
  });
});

describe('judgeLimit', () => {
  const judge = (check: string, version: 1 | 2, contents: readonly (string | undefined)[]) => {
    const limit = limitsOf(shape, () => version).find((candidate) => candidate.check === check);
    if (limit === undefined) throw new Error(`no limit ${check}`);
    const { verdict, found } = judgeLimit(limit, contents);
    return `${verdict}: ${found}`;
  };

  it.each([
    ['CPU set', 1, ['1-2\n'], 'ok: 1-2'],
    ['CPU set', 2, ['1-2'], 'ok: 1-2'],
    // Silently narrowed: a CPU is offline, or the parent group lacks it.
    ['CPU set', 2, ['1'], 'differs: 1'],
    ['CPU set', 1, ['0-3'], 'differs: 0-3'],
    ['CPU set', 1, [''], 'differs: cannot read cpuset.effective_cpus'],
    ['CPU weight', 1, ['2389'], 'ok: shares 2389'],
    ['CPU weight', 1, ['1024'], 'differs: shares 1024'],
    ['CPU weight', 2, ['233'], 'ok: weight 233'],
    ['CPU weight', 2, [undefined], 'differs: cannot read cpu.weight'],
    ['CPU cap', 1, ['25000', '100000'], 'ok: 0.25 CPUs'],
    ['CPU cap', 1, ['50000', '200000'], 'ok: 0.25 CPUs'],
    ['CPU cap', 1, ['-1', '100000'], 'differs: none'],
    ['CPU cap', 1, ['25000', undefined], 'differs: cannot read cpu.cfs_quota_us, cpu.cfs_period_us'],
    ['CPU cap', 2, ['25000 100000\n'], 'ok: 0.25 CPUs'],
    ['CPU cap', 2, ['max 100000\n'], 'differs: none'],
    ['CPU cap', 2, ['26000 100000\n'], 'differs: 0.26 CPUs'],
    // The kernel keeps whole pages.
    ['memory limit', 1, ['268435456'], 'ok: 268435456 B'],
    ['memory limit', 1, ['9223372036854771712'], 'differs: 9223372036854772000 B'],
    ['memory limit', 2, ['max'], 'differs: none'],
    ['memory limit', 2, ['134217728'], 'differs: 134217728 B'],
    ['memory limit', 2, ['lots'], 'differs: cannot read memory.max'],
  ] as const)('%s, version %i, %j is %s', (check, version, contents, verdict) => {
    expect(judge(check, version, contents)).toBe(verdict);
  });
});
