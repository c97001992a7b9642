import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { misfit, readRoom, type Room } from '../../../harness/run/session/room.js';
import type { PlannedTrial, Shape } from '../../../harness/types.js';
import { dummySuite } from '../dummy-suite.js';

const GIB = 2 ** 30;
const room: Room = { cpus: [0, 1], memoryBytes: 4 * GIB, diskBytes: 4_000_000 };
const trial: PlannedTrial = {
  id: 't0001',
  block: 1,
  target: 'lxc-up',
  workload: 'osdb-4',
  assignments: [
    { guest: 0, suite: 'dummy' },
    { guest: 1, suite: 'dummy' },
    { guest: 2, suite: 'dummy' },
    { guest: 3, suite: 'dummy' },
  ],
};

/** Each dummy writes 1 MB. */
const why = (shape: Partial<Shape>, there: Partial<Room> = {}, enforces = ['cpus', 'memory'] as const) =>
  misfit({ ...room, ...there }, trial, {
    target: { id: 'lxc-up', host: 'alpha', platform: 'lxc', options: {}, shape: { cpus: [1], ...shape } },
    platform: { enforces },
    suites: new Map([['dummy', dummySuite()]]),
    profile: 'quick',
  })?.message;

describe('whether the guests of a workload fit a host', () => {
  it.each([
    ['just enough of everything', why({ memoryBytes: GIB }), undefined],
    ['too little memory', why({ memoryBytes: GIB + 1 }), /4 guests of workload osdb-4 need more memory/],
    ['too little room on the disk', why({}, { diskBytes: 3_999_999 }), /need more disk space than is free/],
    ['a CPU that is not there', why({ cpus: [1, 2] }), /a CPU of their target is not online/],
    ['what cannot be read', why({ memoryBytes: 9 * GIB }, { cpus: undefined, memoryBytes: undefined }), undefined],
  ])('%s', (_, found, expected) => {
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toMatch(expected);
  });

  it('counts no memory where the platform does not hold guests to it', () => {
    const shape: Shape = { cpus: [1], memoryBytes: 9 * GIB };
    const of = {
      suites: new Map([['dummy', dummySuite()]]),
      profile: 'quick',
      platform: { enforces: ['cpus'] },
    } as const;
    const target = { id: 'linux-up', host: 'alpha', platform: 'native', options: {}, shape } as const;
    expect(misfit(room, trial, { ...of, target })).toBeUndefined();
  });

  it('reads the room of this machine', async () => {
    const { cpus, memoryBytes, diskBytes } = await readRoom(connectLocal(), tmpdir());
    expect(cpus?.length).toBeGreaterThan(0);
    expect(memoryBytes).toBeGreaterThan(1e6);
    expect(diskBytes).toBeGreaterThan(0);
  });
});
