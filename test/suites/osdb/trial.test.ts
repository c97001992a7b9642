import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitReady, launch, stop } from '../../../harness/agent/client.js';
import { readRawFile } from '../../../harness/trial/raw-trial.js';
import { parse } from '../../../suites/osdb/parse.js';
import { settings, stepsOf } from '../../../suites/osdb/steps.js';
import { metrics } from '../../../suites/osdb/metrics.js';
import type { Step } from '../../../harness/types.js';
import { roomInMemory } from '../../in-memory.js';
import { here, openBench, runTrial, spec, type Bench, type Ended } from '../../agent/fixture.js';
import { findHere, suiteDir, tiny } from './server.js';

const found = await findHere();
const why = 'missing' in found ? `: needs PostgreSQL here (${found.missing})` : '';

describe.skipIf('missing' in found)(`a whole trial on this machine${why}`, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(roomInMemory());
  });
  afterAll(() => bench.remove());

  /** Longer than a socket's path may be, and in a directory that other users may not enter. */
  const newTrial = (name: string): string => {
    mkdirSync(join(bench.dir, 'x'.repeat(100)), { recursive: true });
    return join('x'.repeat(100), name);
  };
  const stepsHere = (dir: string): Step[] => {
    if ('missing' in found) return [];
    const scratch = `${dir}/scratch`;
    return stepsOf({ profile: 'quick', installation: found.installation, scratch, dir: suiteDir, cpus: [0] }, tiny);
  };
  const read = ({ raw }: Ended) => {
    if ('missing' in found) throw new Error(found.missing);
    return readRawFile('raw/t0001.1.txt', raw, { profile: 'quick', installation: found.installation });
  };
  const run = async (name: string, change: (steps: Step[]) => Step[]): Promise<Ended> => {
    const dir = bench.trial(newTrial(name));
    return runTrial(bench, spec(dir, change(stepsHere(dir))));
  };

  it('measures, and leaves nothing', async () => {
    const ended = await run('whole', (steps) => steps);
    const readings = parse(read(ended));
    expect(readings.map(({ metric }) => metric).sort()).toEqual(Object.keys(metrics).sort());
    expect(readings.filter((reading) => 'missing' in reading)).toEqual([]);
    expect(ended.agent).toMatchObject({ state: 'done', error: null });
    const lines = new TextDecoder().decode(ended.raw).split('\n');
    for (const reading of readings) if ('value' in reading) expect(lines[reading.at.line - 1]).toMatch(/^(tps|la)/);
    expect(readdirSync(bench.trial(newTrial('whole')))).not.toContain('scratch');
    expect(serversBelow(bench.dir)).toEqual([]);
  });

  it('keeps the requested settings, and no address to listen on', async () => {
    const ended = await run('settings', (steps) => steps.filter(({ name }) => /start|load|check|stop/.test(name)));
    const checked = read(ended).steps.find(({ name }) => name === 'check')?.stdout.text ?? '';
    for (const name of settings(tiny).map((setting) => setting.split('=')[0])) {
      expect(checked).toContain(`setting ${name ?? ''} `);
    }
    expect(checked).toMatch(/^setting listen_addresses $/m);
  });

  it('ends when the data are not as they should be', async () => {
    const ended = await run('bad-data', (steps) =>
      steps.map((step) => (step.name === 'check' ? { ...step, argv: withRows(step.argv, 20_000) } : step)),
    );
    expect(ended.agent.state).toBe('aborted');
    const check = read(ended).steps.find(({ name }) => name === 'check');
    expect(check?.outcome).toEqual({ status: 'exited', code: 3 });
    expect(check?.stderr.text).toMatch(
      /ERROR: {2}the database is not as AS3AP describes it: updates rows is 10000, not 20000/,
    );
    expect(serversBelow(bench.dir)).toEqual([]);
  });

  it('has no value when queries find no rows', async () => {
    const ended = await run('holes', (steps) =>
      steps.map((step) => (step.name === 'read-rows' ? { ...step, argv: withRows(step.argv, 20_000) } : step)),
    );
    expect(parse(read(ended))[0]).toMatchObject({
      missing: expect.stringMatching(/server counted 1?\d{3} and 0/) as string,
    });
  });

  it('a server that cannot start reports why', async () => {
    const ended = await run('bad-setting', ([start, ...others]) =>
      start === undefined ? [] : [{ ...start, argv: [...start.argv, 'shared_buffers=lots'] }, ...others],
    );
    const step = read(ended).steps.find(({ name }) => name === 'start-cluster');
    expect(step?.outcome).toEqual({ status: 'exited', code: 1 });
    expect(step?.stderr.text).toMatch(/the server does not answer; its last message: .*shared_buffers.*"lots"/);
  });

  it('starts again where an earlier trial was killed', async () => {
    const dir = bench.trial(newTrial('killed'));
    await launch(here, bench.agent, spec(dir, stepsHere(dir)));
    await awaitReady(here, bench.agent, dir, { limitSeconds: 60, reconnectSeconds: 0 });
    expect(serversBelow(bench.dir)).toHaveLength(1);
    await stop(here, bench.agent, dir);
    for (let attempt = 0; attempt < 100 && serversBelow(bench.dir).length > 0; attempt += 1) await pause(50);
    expect(serversBelow(bench.dir)).toEqual([]);
    const ended = await run('after', (steps) => steps);
    expect(parse(read(ended)).filter((reading) => 'missing' in reading)).toEqual([]);
  });
});

/** The same command for a database of another size. */
function withRows([program, ...argv]: Step['argv'], rows: number): Step['argv'] {
  return [program, ...argv.map((argument) => (argument === `n=${tiny.rows}` ? `n=${rows}` : argument))];
}

/** Processes whose working directory is a cluster below `dir`: postmasters. */
function serversBelow(dir: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => isServer(pid, dir))
    .map(Number);
}

function isServer(pid: string, dir: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return (
      /postgres\0-D\0/.test(command) &&
      execFileSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).startsWith(dir)
    );
  } catch {
    return false;
  }
}
