import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../harness/agent/client.js';
import { stageOf } from '../../harness/run/trial/advance.js';
import { absentLoad } from '../../harness/run/trial/judge-attempt.js';

describe('the stage of a trial of several agents', () => {
  const cases: readonly (readonly [readonly AgentState[], ReturnType<typeof stageOf>])[] = [
    [['absent'], 'restart'],
    [['preparing'], 'preparing'],
    [['ready'], 'ready'],
    [['measuring'], 'measuring'],
    [['done'], 'done'],
    [['dead'], 'dead'],
    [['preparing', 'ready'], 'preparing'],
    [['ready', 'ready'], 'ready'],
    [['measuring', 'done'], 'measuring'],
    [['measuring', 'dead'], 'dead'],
    [['ready', 'absent'], 'restart'],
    [['ready', 'measuring'], 'restart'],
    [['ready', 'done'], 'restart'],
    [['done', 'done'], 'done'],
  ];
  it.each(cases)('%j is %s', (states, expected) => {
    expect(stageOf(states)).toBe(expected);
  });
});

describe('a load', () => {
  const at = (guest: number, startedNs: number, endedNs: number, load = false, boundNs = 0) => ({
    assignment: { guest, suite: load ? 'dd' : 'osdb', ...(load ? { role: 'load' as const } : {}) },
    timing: { releasedNs: '0', awakeNs: '0', startedNs: String(startedNs), endedNs: String(endedNs), steps: {} },
    clock: { offsetNs: 0, boundNs },
  });

  it.each([
    ['around all others', [at(0, 100, 900), at(1, 50, 950), at(2, 10, 960, true)], undefined],
    ['at the very same time', [at(0, 100, 900), at(1, 100, 900, true)], undefined],
    ['too late', [at(0, 100, 900), at(1, 3_000_100, 5_000_000, true)], /guest 1 \(dd\), the load, began 3\.0 ms after/],
    ['not until the last end', [at(0, 1, 9e6), at(1, 1, 8e6), at(2, 0, 8e6, true)], /ended 1\.0 ms before/],
    [
      'too late by no more than the error of the clocks',
      [at(0, 100, 900, false, 2e6), at(1, 3e6, 5e6, true, 1e6)],
      undefined,
    ],
  ])('that ran %s', (_, guests, expected) => {
    const found = absentLoad(guests);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });
});
