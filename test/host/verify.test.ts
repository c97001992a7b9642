import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../harness/connect/fake.js';
import { changedLimits, judgeInside, readInside, verifyShape, type InsideView } from '../../harness/host/verify.js';
import type { Finding, Guest, Shape } from '../../harness/types.js';

const GIB = 2 ** 30;
const held: Finding = { check: 'CPU set', expected: '1', found: '1', verdict: 'ok' };
const notHeld: Finding = { check: 'CPU set', expected: '1', found: '0-1', verdict: 'unavailable' };
const view = (changes: Partial<InsideView>): InsideView => ({
  allowed: [1],
  processors: 1,
  memTotalBytes: 24 * GIB,
  groupLimitBytes: undefined,
  ...changes,
});
const verdicts = (shape: Shape, inside: InsideView, outside: readonly Finding[]) =>
  judgeInside(shape.cpus, shape, inside, outside).map(({ verdict }) => verdict);

describe('judgeInside, CPUs', () => {
  it.each([
    ['held to one', { allowed: [1], processors: 1 }, held, ['ok', 'ok']],
    ['one more than the shape', { allowed: [0, 1], processors: 2 }, held, ['differs', 'differs']],
    ['another one', { allowed: [0], processors: 1 }, held, ['differs', 'ok']],
    ['unreadable', { allowed: undefined, processors: undefined }, held, ['differs', 'unavailable']],
    ['native with more than it uses', { allowed: [0, 1], processors: 2 }, notHeld, ['ok', 'ok']],
    ['native without the one it should use', { allowed: [0], processors: 1 }, notHeld, ['differs', 'ok']],
  ])('%s', (_, changes, outside, expected) => {
    expect(verdicts({ cpus: [1] }, view(changes), [outside])).toEqual(expected);
  });
});

describe('judgeInside, memory', () => {
  const limited: Finding = { check: 'memory limit', expected: '', found: '', verdict: 'ok' };
  it.each([
    ['a group limit that is seen', { groupLimitBytes: GIB }, [held, limited], 'ok'],
    ['a machine with as much, less what its kernel keeps', { memTotalBytes: 0.93 * GIB }, [held], 'ok'],
    ['half as much', { memTotalBytes: GIB / 2 }, [held], 'differs'],
    ['a limit that is only seen from outside', {}, [held, limited], 'unavailable'],
    ['no limit at all', {}, [held], 'unavailable'],
    ['nothing to read', { memTotalBytes: undefined }, [held], 'unavailable'],
  ])('%s', (_, changes, outside, expected) => {
    expect(verdicts({ cpus: [1], memoryBytes: GIB }, view(changes), outside)[2]).toBe(expected);
  });
});

describe('readInside', () => {
  it('reads all lines', () => {
    const text = 'allowed 0-1\nprocessors 2\ntotal 24684084\nlimit 268435456\n';
    expect(readInside(text)).toEqual({
      allowed: [0, 1],
      processors: 2,
      memTotalBytes: 24_684_084 * 1024,
      groupLimitBytes: 268_435_456,
    });
  });

  it('reads the mask of kernels that print no list', () => {
    expect(readInside('allowed \nmask 00000000,00000005\n').allowed).toEqual([0, 2]);
    expect(readInside('allowed \nmask 00000001,00000000\n').allowed).toEqual([32]);
    expect(readInside('allowed \nmask f\n').allowed).toEqual([0, 1, 2, 3]);
    expect(readInside('allowed \nmask xyz\n').allowed).toBeUndefined();
  });

  it.each(['', 'allowed \nprocessors \ntotal \n', 'allowed x\nprocessors -1\ntotal NaN\nlimit max\n'])(
    'takes %j for nothing',
    (text) => {
      expect(Object.values(readInside(text))).toEqual([undefined, undefined, undefined, undefined]);
    },
  );
});

describe('verifyShape', () => {
  const guest = (stdout: string, outside: readonly Finding[]): Guest => ({
    name: 'bench-x',
    executor: fakeConnection([{ when: ['sh', '-c'], answer: { stdout } }]),
    workDir: '/var/lib/bench',
    cpus: [1],
    readBack: () => Promise.resolve(outside),
    stop: () => Promise.resolve(),
  });

  it('puts the view from inside before that from outside', async () => {
    const findings = await verifyShape(guest('allowed 1\nprocessors 1\ntotal 1000\n', [held]), { cpus: [1] });
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'CPUs allowed inside ok',
      'processors inside ok',
      'CPU set ok',
    ]);
  });

  it('does not take silence for agreement', async () => {
    const [allowed] = await verifyShape(guest('', [held]), { cpus: [1] });
    expect(allowed?.verdict).toBe('differs');
  });
});

describe('changedLimits', () => {
  const above = (found: string, verdict: Finding['verdict'] = 'ok'): Finding => ({
    check: 'groups above the guest',
    expected: 'no cap below 1 CPUs',
    found,
    verdict,
  });
  it.each<[string, readonly Finding[], readonly Finding[], string | undefined]>([
    ['nothing', [held, above('/a: weight 100')], [held, above('/a: weight 100')], undefined],
    [
      'a limit',
      [held],
      [{ ...held, found: '0-1', verdict: 'differs' }],
      'CPU set changed during the trial: 1 before, 0-1 after',
    ],
    [
      'a weight above that nothing is expected of',
      [above('/a: weight 100')],
      [above('/a: weight 50')],
      'groups above the guest changed during the trial: /a: weight 100 before, /a: weight 50 after',
    ],
    ['what was not held before', [notHeld], [{ ...notHeld, verdict: 'differs' }], undefined],
    ['a check that is new', [], [above('/a', 'differs')], undefined],
  ])('%s', (_, before, after, reason) => {
    expect(changedLimits(before, after)).toBe(reason);
  });
});
