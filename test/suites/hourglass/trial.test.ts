import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hourglass, stepsOf } from '../../../suites/hourglass/index.js';
import { parse } from '../../../suites/hourglass/parse.js';
import { readReport } from '../../../suites/hourglass/report.js';
import { here } from '../../agent/fixture.js';
import { installHere, lacking, type Installed } from '../here.js';
import { shown } from '../printed.js';

const why = await lacking(hourglass);
const short = { seconds: 1, thresholdUs: 100, slotMs: 10 };

describe.skipIf(why !== '')(`a short trial of hourglass on this machine${why}`, () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installHere(hourglass);
  });
  afterAll(() => installed.remove());
  const program = (): string => installed.installation.tools['hourglass']?.path ?? '';

  it('yields every metric', async () => {
    const { trial, agent } = await installed.run((context) => stepsOf(context, short));
    expect(agent).toMatchObject({ state: 'done', error: null });
    const readings = shown(parse(trial, short));
    expect(Object.values(readings).filter((value) => typeof value === 'string')).toEqual([]);
    expect(readings['run-time']).toBeGreaterThan(0);
    expect(readings['run-time']).toBeLessThanOrEqual(100);
  });

  it('fails on a CPU that there is not, or that it may not use', async () => {
    const { trial, agent } = await installed.run((context) => stepsOf({ ...context, cpus: [1023] }, short));
    expect(agent.state).toBe('aborted');
    expect(shown(parse(trial, short))['run-time']).toMatch(/hourglass: cannot run on CPU 1023/);
  });

  it.each([
    [[], /--cpus and --seconds are needed/],
    [['--cpus', '0'], /are needed/],
    [['--cpus', '0', '--seconds', '0'], /--seconds: expected a number from 1 to 3600, found 0/],
    [['--cpus', '0,x', '--seconds', '1'], /--cpus: expected a number from 0 to 1023, found x/],
    [['--cpus', '0', '--seconds'], /--seconds: expected a value/],
    [['--cpu', '0'], /unknown option --cpu/],
  ])('refuses %j', async (argv, complaint) => {
    const { exit, stderr } = await here.exec({ argv: [program(), ...argv] });
    expect(exit).toEqual({ kind: 'code', code: 1 });
    expect(stderr).toMatch(complaint);
  });

  it('writes a trace whose intervals add up to what it ran', async () => {
    const trace = join(program(), '..', 'trace');
    const argv = [program(), '--cpus', '0', '--seconds', '1', '--trace', trace] as const;
    const { stdout } = await here.exec({ argv });
    const [worker] = readReport({ text: stdout, file: 'f', firstLine: 1 }).workers;
    const lines = readFileSync(trace, 'utf8').trim().split('\n');
    const intervals = lines.map((line) => line.split(' ').map(BigInt));
    const ran = intervals.reduce((sum, [, from = 0n, to = 0n]) => sum + (to - from), 0n);
    expect(worker).toMatchObject({ cpu: 0, intervals: intervals.length, runNs: Number(ran) });
    expect(intervals[0]?.[1]).toBeGreaterThanOrEqual(worker?.firstNs ?? 0n);
  });
});
