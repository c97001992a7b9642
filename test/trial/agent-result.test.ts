import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readAgentResult } from '../../harness/trial/agent-result.js';

/** A result of the real agent. */
const real = await readFile(new URL('../agent/fixtures/result.json', import.meta.url), 'utf8');
const changed = (change: (result: Record<string, unknown>) => unknown): string => {
  const result = JSON.parse(real) as Record<string, unknown>;
  return JSON.stringify(change(result));
};
const withFirst = (result: Record<string, unknown>, fields: object): Record<string, unknown> => {
  const [first, ...others] = result['steps'] as object[];
  return { ...result, steps: [{ ...first, ...fields }, ...others] };
};

describe('readAgentResult', () => {
  it('reads what the agent wrote, losing nothing', () => {
    const { pinned, ...result } = readAgentResult(real);
    expect(result).toEqual(JSON.parse(real));
    expect(pinned).toEqual([1]);
  });

  it.each([
    ['0', [0]],
    ['0-3', [0, 1, 2, 3]],
    ['1,3-4,7', [1, 3, 4, 7]],
  ])('lists the CPUs of %s', (affinity, cpus) => {
    expect(readAgentResult(changed((result) => ({ ...result, affinity }))).pinned).toEqual(cpus);
  });

  it.each<[string, (result: Record<string, unknown>) => unknown, string]>([
    ['another version', (r) => ({ ...r, version: 1 }), 'version: expected 2, found 1'],
    ['a list', () => [], 'expected an object, found []'],
    ['an unknown state', (r) => ({ ...r, state: 'fine' }), 'state: expected done | aborted | abandoned, found "fine"'],
    ['no steps', (r) => ({ ...r, steps: undefined }), 'steps: expected a list of at most 8192, found nothing'],
    ['an instant that is a number', (r) => ({ ...r, startNs: 5 }), 'startNs: expected decimal digits, found 5'],
    ['a CPU list that is a path', (r) => ({ ...r, affinity: '/etc' }), 'affinity: expected a list of CPUs'],
    ['a CPU list without end', (r) => ({ ...r, affinity: '0-999999999' }), 'affinity: expected a list of CPUs'],
    [
      'ticks of something else',
      (r) => ({ ...r, cpuTicks: { before: { __proto__x: [] }, after: {} } }),
      'names like cpu0',
    ],
    [
      'too few ticks',
      (r) => ({ ...r, cpuTicks: { before: { cpu0: [1] }, after: {} } }),
      'expected 10 numbers, found [1]',
    ],
    ['a negative count', (r) => withFirst(r, { userUs: -1 }), 'steps[0].userUs: expected an integer of at least 0'],
    ['a fraction', (r) => withFirst(r, { code: 0.5 }), 'steps[0].code: expected an integer'],
    ['a step name with a path', (r) => withFirst(r, { name: '../x' }), 'steps[0].name: expected a step name'],
    ['a step that is null', (r) => ({ ...r, steps: [null] }), 'steps[0]: expected an object, found null'],
    ['a message without end', (r) => withFirst(r, { message: 'x'.repeat(2000) }), 'steps[0].message: expected a short'],
  ])('refuses %s and names the place', (_, change, words) => {
    expect(() => readAgentResult(changed(change))).toThrow(words);
  });

  it('refuses a result that was cut short, at every length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: real.trimEnd().length - 1 }), (length) => {
        expect(() => readAgentResult(real.slice(0, length))).toThrow(/^result\.json: not JSON/);
      }),
    );
  });

  it('throws nothing but its own errors, whatever it is given', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => readAgentResult(json)).toThrow(/^result\.json/);
      }),
    );
  });
});
