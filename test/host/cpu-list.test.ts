import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCpuList, writeCpuList } from '../../harness/host/cpu-list.js';

describe('readCpuList', () => {
  it.each([
    ['', []],
    ['\n', []],
    ['0', [0]],
    ['0-3\n', [0, 1, 2, 3]],
    ['0-1,4,6-7', [0, 1, 4, 6, 7]],
    ['7,3,3', [3, 7]],
  ])('reads %j', (text, cpus) => {
    expect(readCpuList(text)).toEqual(cpus);
  });

  it.each(['a', '1-', '-1', '3-1', '1,,2', '0-99999', '1 2', '0x1', '8192', '1-2-3'])('refuses %j', (text) => {
    expect(readCpuList(text)).toBeUndefined();
  });
});

describe('writeCpuList', () => {
  it.each([
    [[], ''],
    [[1], '1'],
    [[3, 1, 2], '1-3'],
    [[0, 2, 4], '0,2,4'],
    [[0, 1, 8], '0-1,8'],
  ])('writes %j as %j', (cpus, text) => {
    expect(writeCpuList(cpus)).toBe(text);
  });

  it('is undone by readCpuList', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 300 })), (cpus) => {
        expect(readCpuList(writeCpuList(cpus))).toEqual([...cpus].sort((a, b) => a - b));
      }),
    );
  });
});
