import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { happenedBetween } from '../../../harness/host/vitals/between.js';
import { recallVitals, rememberVitals, watchedBetween } from '../../../harness/host/vitals/watched.js';
import { readVitals, vitalsOf } from '../../../harness/host/vitals/read.js';

/** Recorded, cut to a few lines. */
const RECORDED = `==> clock
1795256043514000000 1704.11 1795256043516000000
==> stat
cpu  120 0 60 9000 40 0 10 5 0 0
cpu0 60 0 30 4500 20 0 5 5 0 0
cpu1 60 0 30 4500 20 0 5 0 0 0
==> vmstat
pswpin 3
pswpout 4
==> throttle
2
0
==> load
1.89 1.37 0.76 3/230 9631
==> temperature
45000
-273150
==> warnings
[    0.407212] amd_pstate: The CPPC feature is supported but currently disabled by the BIOS.
               Please enable it if your BIOS has the CPPC option.
==> read
==> processes
1 (init) S 0 1 1 0 -1 4194560 100 200 0 0 3 4 5 6 20 0 1 0 5 1000 100 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0
70 (bench-agent) S 1 70 70 0 -1 4194560 100 200 0 0 1 1 0 0 20 0 1 0 900 1000 100 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0
71 (a b) (c)) R 70 71 71 0 -1 4194560 100 200 0 0 50 8 0 0 20 0 1 0 901 1000 100 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0
80 (burner) R 1 80 80 0 -1 4194560 100 200 0 0 10 0 0 0 20 0 1 0 902 1000 100 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0
`;

const changed = (...edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`not in the recording: ${from}`);
    return text.replace(from, to);
  }, RECORDED);

describe('vitalsOf', () => {
  it('reads what the script prints', () => {
    const vitals = vitalsOf(RECORDED);
    expect(vitals).toMatchObject({ swappedPages: 7, throttles: 2, load: 1.89, temperature: 45 });
    expect(vitals.clockOffsetMs).toBe(1795256043515 - 1704110);
    expect(vitals.clockErrorMs).toBe(6);
    expect(vitals.ticks.get(0)).toEqual({ busy: 95, idle: 4500, iowait: 20, steal: 5 });
    expect(vitals.warnings).toHaveLength(2);
    expect(vitals.processes.get(71)).toEqual({
      name: 'a b) (c)',
      parent: 70,
      ticks: 58,
      childTicks: 0,
      started: '901',
      cpu: 1,
    });
  });

  it('takes the closest of several readings of the clock, however slow the machine', () => {
    const slow = '1795256043414000000 1704.11 1795256043516000000';
    const reading = '1795256043514000000 1704.11 1795256043516000000';
    const wide = vitalsOf(changed([reading, slow]));
    expect([wide.clockOffsetMs, wide.clockErrorMs]).toEqual([1795256043465 - 1704110, 56]);
    const several = vitalsOf(changed([reading, `${slow}\n${reading}\n${slow}`]));
    expect([several.clockOffsetMs, several.clockErrorMs]).toEqual([1795256043515 - 1704110, 6]);
  });

  it.each([
    ['nothing at all', ''],
    ['an error', 'sh: 1: Permission denied\n'],
    ['empty sections', RECORDED.replace(/^(?!==>).*\n/gm, '').replace('==> read\n', '')],
    ['a stranger', '==> clock\n1 2 3\n==> stat\ncpu0 x\n==> processes\n1 (x\n2 (y) R\n==> load\nnone\n'],
  ])('knows nothing of %s', (_, text) => {
    const { ticks, processes, agents, ...rest } = vitalsOf(text);
    expect([ticks.size, processes.size, agents.length]).toEqual([0, 0, 0]);
    expect(Object.values(rest).every((value) => value === undefined)).toBe(true);
  });
});

const OWN = { run: 'run-1', trial: 't0001.1' };

describe('happenedBetween', () => {
  const before = vitalsOf(RECORDED);

  it('finds nothing where nothing happened', () => {
    expect(happenedBetween(before, vitalsOf(RECORDED), [0, 1], OWN)).toEqual({
      swappedPages: 0,
      throttles: 0,
      warnings: [],
      clockStepMs: 0,
      clockErrorMs: 12,
      strangers: [],
      otherAgents: [],
      kernelTicks: undefined,
    });
  });

  // The agent of process 70, which has the child 71.
  const agentOf = (run: string, trial: string): string =>
    `==> agents\nmachine 1704.11 100 pid:[1]\nagent pid:[2] begun limit=1000\nstat 70 (bench-agent) S 1 70 70 ${'0 '.repeat(15)}900 0\ndir /w/trials/${run}/${trial}\n==> processes`;
  const CHILD_WORKED = ['0 50 8 0 0 20', '0 90 8 0 0 20'] as const;
  const REAPED = ['0 0 1 1 0 0 20', '0 0 1 1 6 1 20'] as const;
  const ENDED = ['\n70 (bench-agent)', '\n72 (bench-agent)'] as const;
  it.each([
    ['of the trial itself', 'run-1', 't0001.1.g2', [CHILD_WORKED], undefined],
    ['of another attempt', 'run-1', 't0001.2', [CHILD_WORKED], 40],
    ['of another run', 'run-2', 't0001.1', [CHILD_WORKED], 40],
    ['of another run, whose child has ended', 'run-2', 't0001.1', [REAPED], 7],
    ['of another run, which has ended', 'run-2', 't0001.1', [ENDED], 1],
    ['of another run, which did nothing', 'run-2', 't0001.1', [], undefined],
  ] as const)('finds an agent %s where it used CPU time', (_, run, trial, edits, ticks) => {
    const earlier = vitalsOf(changed(['==> processes', agentOf(run, trial)]));
    const later = vitalsOf(changed(['==> processes', agentOf(run, trial)], ...edits));
    const expected = ticks === undefined ? [] : [{ id: 70, run, trial: trial.slice(0, 7), ticks }];
    expect(happenedBetween(earlier, later, [0], OWN).otherAgents).toEqual(expected);
    const remembered = recallVitals(rememberVitals(earlier));
    expect(happenedBetween(remembered, later, [0], OWN).otherAgents).toEqual(expected);
  });

  it('distinguishes threads of the kernel from strangers, wherever they ran', () => {
    const stat = (used: number, cpu: number): string =>
      `2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0\n` +
      `90 (kworker/u4:1) I 2 0 0 0 -1 69238880 0 0 0 0 0 ${used} 0 0 20 0 1 0 9 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 ${cpu} 0 0 0 0 0\n`;
    const worked = happenedBetween(vitalsOf(RECORDED + stat(7, 0)), vitalsOf(RECORDED + stat(40, 1)), [1], OWN);
    expect(worked).toMatchObject({ kernelTicks: 33, strangers: [] });
  });

  it('is the same when the first reading was remembered meanwhile', () => {
    const after = vitalsOf(
      changed(
        ['0 10 0 0 0 20', '0 35 0 0 0 20'],
        ['CPPC option.', 'CPPC option.\n[ 9.0] new'],
        ['pswpin 3', 'pswpin 9'],
      ),
    );
    const remembered = recallVitals(rememberVitals(before));
    expect(watchedBetween(remembered, after, [1], OWN)).toEqual(watchedBetween(before, after, [1], OWN));
    expect(watchedBetween(remembered, after, [1], OWN)).toMatchObject({ warnings: ['[ 9.0] new'], swappedPages: 6 });
    expect(JSON.parse(JSON.stringify(watchedBetween(before, after, [1], OWN)))).toMatchObject({
      strangers: [{ id: 80 }],
    });
  });

  it('lists what did', () => {
    const after = vitalsOf(
      changed(
        ['pswpout 4', 'pswpout 20'],
        ['==> load', '1\n==> load'],
        ['1795256043514000000 1704.11 1795256043516000000', '1795256044514000000 1705.11 1795256044517000000'],
        ['CPPC option.', 'CPPC option.\n[ 1705.000000] watchdog: BUG: soft lockup'],
      ),
    );
    expect(happenedBetween(before, after, [1], OWN)).toMatchObject({
      swappedPages: 16,
      throttles: 1,
      warnings: ['[ 1705.000000] watchdog: BUG: soft lockup'],
      clockStepMs: expect.closeTo(0.5, 3) as number,
    });
  });

  it('names who else ran on the CPUs, and nobody below an agent', () => {
    const after = vitalsOf(changed(['0 50 8 0 0 20', '0 90 8 0 0 20'], ['0 10 0 0 0 20', '0 35 0 0 0 20']));
    expect(happenedBetween(before, after, [1], OWN).strangers).toEqual([{ id: 80, name: 'burner', ticks: 25 }]);
    expect(happenedBetween(before, after, [0], OWN).strangers).toEqual([]);
  });

  it('counts a process of a recycled id from its start', () => {
    const after = vitalsOf(changed(['0 10 0 0 0 20 0 1 0 902', '0 12 0 0 0 20 0 1 0 999']));
    expect(happenedBetween(before, after, [1], OWN).strangers).toEqual([{ id: 80, name: 'burner', ticks: 12 }]);
  });

  it('does not go in circles over a table that was read while it changed', () => {
    const after = vitalsOf(changed(['80 (burner) R 1', '80 (burner) R 80'], ['0 10 0 0 0 20', '0 35 0 0 0 20']));
    expect(happenedBetween(before, after, [1], OWN).strangers).toMatchObject([{ id: 80 }]);
  });
});

it('reads this machine', async () => {
  const vitals = await readVitals(connectLocal());
  expect(vitals.ticks.size).toBeGreaterThan(0);
  expect(vitals.processes.get(process.pid)?.parent).toBe(process.ppid);
  // When the machine was started, by the clocks of this process.
  const started = Date.now() - os.uptime() * 1000;
  expect(Math.abs((vitals.clockOffsetMs ?? 0) - started)).toBeLessThan(5000 + (vitals.clockErrorMs ?? 0));
});
