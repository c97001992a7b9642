import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../../harness/connect/fake.js';
import { readCpuTicks } from '../../../harness/host/cpu-ticks.js';
import { native } from '../../../harness/platforms/native/index.js';
import type { GuestSpec, Host, Shape } from '../../../harness/types.js';

const NO_GROUP = 'CPU accounting: unavailable';
const config = { id: 'here', connect: { via: 'local' } } as const;

describe('native on a host with four CPUs, one of them offline', () => {
  const host: Host = {
    id: 'far',
    config,
    workDir: '/w',
    executor: fakeConnection([
      { when: ['cat', '/sys/devices/system/cpu/online'], answer: { stdout: '0-1,3\n' } },
      { when: ['mkdir'], answer: {} },
    ]),
  };
  const specOf = (shape: Shape): GuestSpec => ({
    name: 'bench-x',
    target: { id: 't', host: 'far', platform: 'native', shape, options: {} },
  });
  const readBack = async (shape: Shape): Promise<readonly string[]> => {
    const findings = await (await native.start(host, specOf(shape))).readBack();
    return findings.map(({ check, verdict }) => `${check}: ${verdict}`);
  };

  it.each<[string, Shape, readonly string[]]>([
    ['all that is online', { cpus: [0, 1, 3] }, ['CPUs online: ok', 'CPU set: ok', NO_GROUP]],
    ['one of them', { cpus: [1] }, ['CPUs online: ok', 'CPU set: unavailable', NO_GROUP]],
    ['one that is offline', { cpus: [2] }, ['CPUs online: differs', 'CPU set: unavailable', NO_GROUP]],
    [
      'limits that nothing enforces',
      { cpus: [0, 1, 3], memoryBytes: 1, cpuWeight: 1, cpuCap: 1, diskBytes: 1 },
      [
        'CPUs online: ok',
        'CPU set: ok',
        'memory limit: unavailable',
        'CPU weight: unavailable',
        'CPU cap: unavailable',
        'disk limit: unavailable',
        NO_GROUP,
      ],
    ],
  ])('reads back %s', async (_, shape, verdicts) => {
    expect(await readBack(shape)).toEqual(verdicts);
  });

  it('probes the CPUs that a target requests', async () => {
    const [finding] = await native.probe(host, specOf({ cpus: [2] }).target);
    expect(finding).toMatchObject({ expected: '2', found: '0-1,3', verdict: 'differs' });
    expect((await native.probe(host)).map(({ verdict }) => verdict)).toEqual(['ok']);
  });
});

describe('readCpuTicks', () => {
  it('adds up what was busy, and leaves steal and guest time out', () => {
    const stat = 'cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 1 2 4 1000 100 8 16 50 1 0\ncpu10 1 0 0 5 0 0 0 0 0 0\nintr 1 2 3\n';
    expect([...readCpuTicks(stat)]).toEqual([
      [0, { busy: 31, idle: 1000, iowait: 100, steal: 50 }],
      [10, { busy: 1, idle: 5, iowait: 0, steal: 0 }],
    ]);
  });
});
