import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  readCredits,
  readDomains,
  readInfo,
  readPools,
  readUuids,
  readVirtualCpus,
} from '../../../harness/platforms/xen/output.js';
import { judgePool } from '../../../harness/platforms/xen/pool.js';
import { judgePinning, judgeWeight } from '../../../harness/platforms/xen/machine.js';
import { isLive } from '../../../harness/platforms/xen/toolstack.js';

/** Printed by Xen 4.17.7, with a guest that has a blank in its name and two virtual CPUs offline, and one with a long name. */
const fixture = (name: string): string => readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8');
const LONG = 'bench-a1-xen3-up-0123456789-0123456789-0123456789';

describe('output of xl', () => {
  it('list: domains, whatever their names', () => {
    const found = readDomains(fixture('list.credit'));
    expect(found.map(({ name }) => name)).toEqual(['Domain-0', 'vm one', LONG]);
    expect(found[0]).toEqual({ name: 'Domain-0', id: 0, memoryMiB: 1024, vcpus: 1, state: 'r-----', seconds: 130 });
    expect(found.map(isLive)).toEqual([true, true, true]);
  });

  it('list: a paused domain is one that can go on', () => {
    const paused = readDomains(fixture('list-paused.credit')).find(({ name }) => name === LONG);
    expect(paused?.state).toBe('-bp---');
    expect(paused === undefined ? undefined : isLive(paused)).toBe(true);
  });

  it.each(['---s--', '----c-', '-----d'])('list: %s is the state of a domain that has ended', (state) => {
    const [domain] = readDomains(`(null)                                       7     0     1     ${state}       1.5\n`);
    expect(domain === undefined ? undefined : isLive(domain)).toBe(false);
  });

  it('vm-list: ids by UUID', () => {
    const ids = readUuids(fixture('vm-list.credit'));
    expect([...ids.values()]).toEqual([0, 2, 3]);
    expect(ids.get('7a763cab-4ba4-4066-8eec-afde2592596d')).toBe(2);
  });

  it('vcpu-list: where virtual CPUs may run, those that are offline too', () => {
    const cpus = readVirtualCpus(fixture('vcpu-list.credit'));
    expect(cpus.map(({ id, vcpu, hard, soft }) => [id, vcpu, hard, soft])).toEqual([
      [0, 0, 'all', 'all'],
      [2, 0, [0], 'all'],
      [2, 1, [1], 'all'],
      [2, 2, 'all', 'all'],
      [3, 0, [1], 'all'],
    ]);
    expect(readVirtualCpus(fixture('vcpu-list.credit2'))).toHaveLength(5);
  });

  it.each([
    ['sched.credit', 2],
    ['sched.credit2', 1],
  ])('%s: weights and caps by id', (name, first) => {
    expect([...readCredits(fixture(name))]).toEqual([
      [0, { weight: 256, cap: 0 }],
      [first, { weight: 512, cap: 25 }],
      [first + 1, { weight: 128, cap: 0 }],
    ]);
  });

  it('info: by name', () => {
    const info = readInfo(fixture('info.credit'));
    expect(info.get('xen_scheduler')).toBe('credit');
    expect(info.get('nr_cpus')).toBe('2');
    expect(info.get('virt_caps')).toMatch(/\bhvm\b/);
    expect(info.get('xen_changeset')).toBe('');
  });

  it.each([
    ['nothing', ''],
    ['an error', 'xl: unable to init xl context\n'],
    ['the columns alone', 'Name                                        ID   Mem VCPUs\tState\tTime(s)\n'],
    ['a line that was cut', 'Domain-0                                     0  10'],
  ])('%s is no domain', (_, text) => {
    expect(readDomains(text)).toEqual([]);
    expect(readVirtualCpus(text)).toEqual([]);
    expect(readCredits(text).size).toBe(0);
    expect(readUuids(text).size).toBe(0);
  });
});

describe('CPU pools', () => {
  const columns = 'Name               CPU list\n';
  const pools = readPools(`${columns}Pool-0             0\nbench-0123abcd     1,2\n`);

  it('have their CPUs', () => {
    expect(pools).toEqual([
      { name: 'Pool-0', cpus: [0] },
      { name: 'bench-0123abcd', cpus: [1, 2] },
    ]);
    expect(readPools('Pool-0               2    credit       y          1\n')).toEqual([]);
  });

  it.each([
    [[1, 2], 'guest    7   160     1     -b----       1.2          bench-0123abcd', 'ok', 'CPUs 1-2, of its own'],
    [[1], 'guest    7   160     1     -b----       1.2          bench-0123abcd', 'differs', 'CPUs 1-2, of its own'],
    [[1, 2], 'guest    7   160     1     -b----       1.2                  Pool-0', 'differs', 'Pool-0'],
    [[1, 2], '', 'differs', 'nothing'],
  ] as const)('of %j are judged by %j: %s', (cpus, line, verdict, found) => {
    expect(judgePool('bench-0123abcd', cpus, pools, `${line}\n`)).toMatchObject({ verdict, found });
  });
});

describe('judgeWeight', () => {
  const set = { check: 'CPU weight', expected: 'weight 768', found: 'weight 768', verdict: 'ok' } as const;
  it.each([
    ['credit', [1], 2, 'unavailable'],
    ['credit', [1], 1, 'ok'],
    ['credit', [0, 1], 2, 'ok'],
    ['credit2', [1], 2, 'ok'],
    ['credit', [1], undefined, 'ok'],
  ] as const)('under %s, on CPUs %j, in a pool of %j: %s', (scheduler, cpus, poolCpus, verdict) => {
    const judged = judgeWeight(set, { cpus }, { scheduler }, poolCpus);
    expect(judged).toMatchObject({ verdict, found: expect.stringContaining('weight 768') as string });
  });
});

describe('judgePinning', () => {
  const guest = readVirtualCpus(fixture('vcpu-list.credit')).filter(({ id }) => id === 2);
  it.each([
    [[0, 1], guest.slice(0, 2), 'ok', '0-1'],
    [[1, 0], guest.slice(0, 2), 'differs', 'virtual CPU 0 on 0, 1 on 1'],
    [[0, 1], guest, 'differs', 'virtual CPU 0 on 0, 1 on 1'],
    [[0, 1, 2], guest, 'differs', 'virtual CPU 0 on 0, 1 on 1, 2 on all'],
    [[0], [], 'differs', 'virtual CPU 0 on nothing'],
  ] as const)('of CPUs %j', (cpus, virtual, verdict, found) => {
    expect(judgePinning(cpus, virtual)).toMatchObject({ verdict, found });
  });
});
