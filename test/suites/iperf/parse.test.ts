import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iperf, iperfCpu } from '../../../suites/iperf/index.js';
import type { CpuClock, RawCpuTime, RawTicks } from '../../../harness/types.js';
import { fixture, installation, trial } from './fixture.js';

const good = '19700101000000,198.18.77.2,5001,198.18.77.1,52488,1,0.0-3.0,1640890368,4375200000\n';
const group = { kind: 'cgroup', words: 'cgroup v2 cpu.stat' } as const;
const cpu = (before: number, after: number, source: CpuClock = group): RawCpuTime => ({
  before: { seconds: before, stepSeconds: 1e-6, source: group },
  after: { seconds: after, stepSeconds: 1e-6, source },
  at: { file: 'raw/t.cpu-after.json', line: 1 },
});

const ticks = (kernel: RawTicks['kernel'], busySeconds = 1.5): RawTicks => ({
  ...{ busySeconds, stepSeconds: 0.01, cpus: [0, 1], kernel },
  at: { file: 'raw/t.txt', line: 2 },
});

describe('a trial of iperf', () => {
  it('is what the guest read', () => {
    expect(iperf.parse(trial(good))).toEqual([
      { metric: 'throughput', value: 4_375_200_000, resolution: 1, at: { file: 'raw/t.txt', line: 10 }, tool: 'iperf' },
    ]);
  });

  it.each([
    [
      'a connection that was refused',
      trial('', { stderr: fixture('client_refused.stderr').text }),
      /expected a row of iperf, found none/,
    ],
    [
      'a step that failed',
      trial('', { outcome: { status: 'exited', code: 1 }, stderr: 'tcp connect failed: Connection refused\n' }),
      /step receive exited with code 1: "tcp connect failed: Connection refused"/,
    ],
    ['a server that died', trial(fixture('server_died_csv.stdout').text), /flowed for 1\.50 s of the requested 3 s/],
    ['a flow in the other direction', trial(fixture('client_csv_i1.stdout').text), /did not come from the port/],
    ['a clock that jumped', trial(good.replace('3.0,1640890368', '9.0,4922671104')), /claims 9\.00 s, but .* 3\.10 s/],
    ['a report for humans', trial(fixture('client_human.stdout').text, { wallSeconds: 5.1 }), /did not come from/],
  ])('with %s has no value', (_, raw, why) => {
    expect(iperf.parse(raw)).toMatchObject([{ metric: 'throughput', missing: expect.stringMatching(why) as string }]);
    expect(iperfCpu.parse({ ...raw, cpuTime: cpu(1, 2), ticks: ticks('host') })).toMatchObject([
      { missing: expect.anything() as string },
      { missing: expect.anything() as string },
      {},
    ]);
  });

  it('never throws, and yields finite numbers only', () => {
    const words = fc.constantFrom(
      '19700101000000',
      '5001',
      '0.0-3.0',
      '1640890368',
      '-1',
      '[  1]',
      '[SUM]',
      ' sec ',
      '1e999',
    );
    const line = fc.array(fc.oneof(words, fc.string())).map((parts) => parts.join(','));
    const mangled = fc
      .tuple(fc.nat(good.length), fc.string())
      .map(([at, by]) => good.slice(0, at) + by + good.slice(at + 1));
    const output = fc.oneof(
      mangled,
      fc.array(line).map((lines) => lines.join('\n')),
    );
    fc.assert(
      fc.property(output, fc.double(), fc.double(), fc.double(), (stdout, before, after, wallSeconds) => {
        const raw = trial(stdout, { wallSeconds, cpuTime: cpu(before, after) });
        for (const reading of [...iperf.parse(raw), ...iperfCpu.parse(raw)]) {
          if ('value' in reading) expect(Number.isFinite(reading.value)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a trial of iperf-cpu', () => {
  it("is the guest's CPU time over the time of the transfer by two clocks, each named", () => {
    expect(iperfCpu.parse(trial(good, { wallSeconds: 4, cpuTime: cpu(10, 12), ticks: ticks('host') }))).toEqual([
      {
        metric: 'receiver-cpu',
        value: 50,
        resolution: expect.closeTo(2.5e-5, 12) as number,
        at: { file: 'raw/t.cpu-after.json', line: 1 },
        tool: 'iperf',
        clock: group,
      },
      {
        metric: 'receiver-cpu-ticks',
        value: 37.5,
        resolution: expect.closeTo((100 * 0.01 * Math.SQRT2) / 4, 12) as number,
        at: { file: 'raw/t.txt', line: 2 },
        tool: 'iperf',
        clock: { kind: 'machine-ticks', words: expect.stringContaining("host's kernel, CPUs 0,1") as string },
      },
      expect.objectContaining({ metric: 'throughput', value: 4_375_200_000 }),
    ]);
  });

  it.each([
    ['was not read', undefined, /was not read/],
    ['stood still', cpu(10, 10), /changed by 0 s/],
    ['went back', cpu(10, 9), /changed by -1 s/],
    [
      'came from two clocks',
      cpu(10, 12, { kind: 'proc-stat', words: '/proc/stat of CPUs 0' }),
      /from cgroup v2 cpu\.stat, and afterwards from \/proc\/stat of CPUs 0/,
    ],
  ])('has no CPU value when CPU time %s', (_, cpuTime, why) => {
    const raw = trial(good, cpuTime === undefined ? {} : { cpuTime });
    expect(iperfCpu.parse(raw)).toMatchObject([
      { metric: 'receiver-cpu', missing: expect.stringMatching(why) as string },
      { metric: 'receiver-cpu-ticks', missing: expect.anything() as string },
      { metric: 'throughput', value: 4_375_200_000 },
    ]);
  });

  it('states that CPU time of a hypervisor is divided by seconds of another clock', () => {
    const xen = { kind: 'hypervisor', words: 'xl vcpu-list' } as const;
    const cpuTime = { ...cpu(10, 12, xen), before: { seconds: 10, stepSeconds: 0.1, source: xen } };
    const words = "xl vcpu-list, divided by seconds of the guest's own clock";
    expect(iperfCpu.parse(trial(good, { wallSeconds: 4, cpuTime }))[0]).toMatchObject({ clock: { ...xen, words } });
  });

  it('compares the kinds of the two readings, whose words may differ', () => {
    const parts = { ...group, words: 'cgroup v2 cpu.stat, 3 s' };
    expect(iperfCpu.parse(trial(good, { wallSeconds: 4, cpuTime: cpu(10, 12, parts) }))[0]).toMatchObject({
      value: 50,
    });
  });

  it.each([
    ['of a kernel of the guest are another clock', ticks('guest'), { value: 37.5, clock: { kind: 'guest-ticks' } }],
    [
      'of an unknown kernel are no value',
      ticks('unknown'),
      { missing: expect.stringMatching(/whether these are ticks/) as string },
    ],
    ['that did not advance are no value', ticks('host', 0), { missing: expect.stringMatching(/by 0 s/) as string }],
    ['that were not read are no value', undefined, { missing: expect.stringMatching(/read no ticks/) as string }],
  ])('ticks %s', (_, read, expected) => {
    const raw = trial(good, { wallSeconds: 4, cpuTime: cpu(10, 12), ...(read === undefined ? {} : { ticks: read }) });
    expect(iperfCpu.parse(raw)[1]).toMatchObject({ metric: 'receiver-cpu-ticks', ...expected });
  });

  it('measures as the suite iperf does', () => {
    const context = {
      profile: 'paper',
      installation,
      scratch: '/s',
      dir: '/d',
      cpus: [0],
      peer: { address: '192.0.2.1' },
    } as const;
    const argv = [
      'sh',
      '/d/receive.sh',
      '/usr/bin/iperf',
      '-c',
      '192.0.2.1',
      '-p',
      '5001',
      '-t',
      '60',
      '-y',
      'C',
      '-R',
    ];
    expect(iperf.steps(context)).toMatchObject([{ argv, yields: ['throughput'] }]);
    expect(iperfCpu.steps(context)).toMatchObject([
      { argv, yields: ['receiver-cpu', 'receiver-cpu-ticks', 'throughput'] },
    ]);
  });
});
