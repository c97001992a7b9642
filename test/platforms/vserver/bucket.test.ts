import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ticksOf } from '../../../harness/platforms/vserver/accounting.js';
import {
  bucketOf,
  fraction,
  isHard,
  judgeBucket,
  readBuckets,
  vschedArgv,
} from '../../../harness/platforms/vserver/bucket.js';
import { judgeMemory } from '../../../harness/platforms/vserver/limits.js';
import { TRANSCRIPTS } from './standin.js';

const seen = (name: string, kernel = '2.6.22.19-vs2.3.0.33'): string =>
  readFileSync(join(TRANSCRIPTS, kernel, `${name}.stdout`), 'utf8');

describe('the token bucket of a shape', () => {
  it.each([
    ['nothing asked', { cpus: [0] }, '--fill-rate 1 --interval 4 --tokens 50'],
    ['a cap', { cpus: [0], cpuCap: 0.25 }, '--fill-rate 1 --interval 4 --tokens 50'],
    ['a cap over two CPUs', { cpus: [0, 1], cpuCap: 1 }, '--fill-rate 1 --interval 2 --tokens 50'],
    ['a cap of all', { cpus: [0], cpuCap: 3 }, '--fill-rate 1 --interval 1 --tokens 50'],
    [
      'a reservation and a share, as was measured',
      { cpus: [0], cpuReservation: 0.05, cpuWeight: 300 },
      '--fill-rate 1 --interval 20 --fill-rate2 3 --interval2 4 --tokens 50',
    ],
    ['a share', { cpus: [0], cpuWeight: 100 }, '--fill-rate 1 --interval 100 --fill-rate2 1 --interval2 4 --tokens 50'],
  ])('%s', (_, shape, words) => {
    const argv = vschedArgv(101, bucketOf(shape)).join(' ');
    const idle = words.includes('fill-rate2') ? ' --idle-time' : '';
    expect(argv).toBe(`vsched --xid 101 ${words} --tokens-min 10 --tokens-max 100${idle} --force`);
  });

  it('is the command that was seen', () => {
    const command = readFileSync(join(TRANSCRIPTS, '2.6.22.19-vs2.3.0.33/031-vsched-cap25-no-hard-flag.cmd'), 'utf8');
    expect(command.split(';')[0]).toBe(vschedArgv(101, bucketOf({ cpus: [0], cpuCap: 0.25 })).join(' '));
  });

  it('has whole numbers within 0.1 % of any rate, or the nearest thousandth', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 25, noNaN: true }), (value) => {
        const { fillRate, interval } = fraction(value);
        expect([fillRate, interval].every((number) => Number.isInteger(number) && number > 0)).toBe(true);
        expect(interval).toBeLessThanOrEqual(1000);
        expect(Math.abs(fillRate / interval - value)).toBeLessThanOrEqual(Math.max(0.0005 * value, 0.000_501));
      }),
    );
  });
});

describe("a bucket read back from the kernel's files", () => {
  it('is found where there is one', () => {
    const fresh = { rate: 0.25, idleRate: 0.125, idleTime: false };
    expect(readBuckets(seen('020-proc-virtual-sched'))).toEqual(new Map([[0, fresh]]));
    expect(readBuckets(seen('061-proc-virtual-sched', '4.9.154-vs2.3.9.8')).size).toBe(0);
    expect(isHard(seen('020-proc-virtual-status'))).toBe(false);
    expect(isHard(seen('032-vsched-cap25-sched-hard'))).toBe(true);
  });

  const capped = seen('034-caps-25-75').split('FillRate').slice(1);
  const shared = seen('035-fair-share-idle-time-3to1').split('FillRate').slice(1);
  const hard = seen('032-vsched-cap25-sched-hard');
  const soft = seen('020-proc-virtual-status');
  it.each([
    ['a cap', { cpuCap: 0.25 }, capped[0], hard, ['ok']],
    ['another cap', { cpuCap: 0.25 }, capped[1], hard, ['differs']],
    ['a cap without the flag', { cpuCap: 0.25 }, capped[0], soft, ['differs']],
    ['a cap that idle time passes by', { cpuCap: 0.05 }, shared[0], hard, ['differs']],
    ['a cap and what it leaves no room for', { cpuCap: 0.75, cpuWeight: 50 }, capped[1], hard, ['ok', 'unavailable']],
    ['a share and a reservation', { cpuWeight: 300, cpuReservation: 0.05 }, shared[0], hard, ['ok', 'ok']],
    ['a share of another weight', { cpuWeight: 300, cpuReservation: 0.05 }, shared[1], hard, ['differs', 'ok']],
    ['a share without idle time', { cpuWeight: 50 }, capped[0], hard, ['differs']],
    ['a CPU that has no bucket', { cpus: [1], cpuCap: 0.25 }, capped[0], hard, ['differs']],
    ['no file', { cpuCap: 0.25 }, '', '', ['differs']],
  ])('%s', (_, shape, sched, status, verdicts) => {
    const findings = judgeBucket({ cpus: [0], ...shape }, sched ?? '', status);
    expect(findings.map(({ verdict }) => verdict)).toEqual(verdicts);
  });
});

describe('memory and accounting of a context', () => {
  it('reads the hard limit of the resident set', () => {
    const [before = '', after = ''] = seen('040-vlimit-rss').split('Limit\t');
    expect(judgeMemory(4096 * 4096, after, 4096)).toMatchObject({ found: '16777216 B', verdict: 'ok' });
    expect(judgeMemory(4096 * 4096, before, 4096).verdict).toBe('ok');
    expect(judgeMemory(2 ** 28, after, 4096).verdict).toBe('differs');
    // Where the tool exits 0 and does nothing.
    const ignored = seen('083-vlimit-rss', '4.9.154-vs2.3.9.8');
    expect(judgeMemory(4096 * 4096, ignored, 4096)).toMatchObject({ found: 'none', verdict: 'differs' });
  });

  it('counts the ticks that vserver-stat shows in seconds', () => {
    const [first = '', second = ''] = seen('053-accounting').split('FillRate').slice(1);
    expect([ticksOf(first), ticksOf(second)]).toEqual([593, 925]);
    // 0m02s34 user, and 0m03s66: at 250 ticks a second.
    expect([586 / 250, 915 / 250]).toEqual([2.344, 3.66]);
  });
});
