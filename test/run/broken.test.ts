import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { native } from '../../harness/platforms/native/index.js';
import { execute } from '../../harness/run/execute.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import type { World } from '../../harness/run/session/world.js';
import { loadRun } from '../../harness/store/index.js';
import type { Command, Connection, ExecResult, Finding, HostConfig, LoadedRun, Platform } from '../../harness/types.js';
import { plantAgent } from '../agent/compiled.js';
import { killIfRunning } from '../processes.js';
import { dummySuite } from './dummy-suite.js';
import { processesUnder } from './process-list.js';

// A trial of one guest that breaks: what it started must have ended before the next attempt begins.

const cpu = cpus().length - 1;
const target = { id: 'linux-up', host: 'local', platform: 'native', shape: { cpus: [cpu] }, options: {} } as const;

let place: string;
let workDir: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-broken-'));
  workDir = join(place, 'work');
  await plantAgent(workDir);
});
afterEach(async () => {
  for (const { pid } of processesUnder(workDir)) killIfRunning(pid);
  await rm(place, { recursive: true, force: true });
});

interface Measured {
  readonly loaded: LoadedRun;
  /** The processes under the work directory at the begin of each attempt. */
  readonly atBegin: readonly (readonly string[])[];
}

type Exec = (command: Command, exec: Connection['exec']) => Promise<ExecResult>;

/** Runs two trials of a script. */
async function run(script: string, breakIt: Exec, platform: Platform = native): Promise<Measured> {
  const step = { name: 'answer', phase: 'measure', argv: ['/bin/sh', '-c', script], limitSeconds: 90 } as const;
  const suite = dummySuite({ steps: [{ ...step, yields: ['answer'] }] });
  const host: HostConfig = { id: 'local', connect: { via: 'local' }, workDir };
  const here = connectLocal();
  const world: World = {
    connect: () => Promise.resolve({ ...here, exec: (command) => breakIt(command, (each) => here.exec(each)) }),
    platforms: new Map([['native', platform]]),
    suites: new Map([[suite.id, suite]]),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const plan = makePlan({ seed: 1, profile: 'quick', suites: [suite], targets: [target], trials: 2 });
  const runsDir = join(place, 'runs');
  const atBegin: string[][] = [];
  const events: RunEvent[] = [];
  const hosts = new Map([['local', host]]);
  await execute(world, { hosts, plan, runsDir, signal: new AbortController().signal }, (event) => {
    events.push(event);
    if (event.kind === 'trial-started') atBegin.push(processesUnder(workDir).map(({ words }) => words.join(' ')));
  });
  const opened = events.find((event) => event.kind === 'opened');
  const loaded = await loadRun(runsDir, opened?.run ?? '');
  // Broken attempts, too, have every file in their records, and leave nothing on the host.
  expect(loaded.damage).toEqual([]);
  expect(await readdir(join(workDir, 'native', 'trials'))).toEqual([]);
  return { atBegin, loaded };
}

describe('a trial of one guest that breaks', () => {
  it('is void when its waiter is killed, and its workload has ended when it is repeated', async () => {
    let killed = 0;
    const first = join(place, 'first');
    // For a minute in the first attempt, and not at all in the others.
    const script = `if mkdir ${first} 2>/dev/null; then sleep 61; fi; echo value 42`;
    const { loaded, atBegin } = await run(script, (command, exec) => {
      const running = exec(command);
      if (killed === 0 && command.argv.includes('measured')) void killWaiter(first).then((pid) => (killed = pid));
      return running;
    });
    expect(killed).toBeGreaterThan(0);
    expect(loaded.records.map(({ trial, outcome }) => [trial, outcome.status])).toEqual([
      ['t0001', 'void'],
      ['t0001', 'collected'],
      ['t0002', 'collected'],
    ]);
    expect(atBegin).toEqual([[], [], []]);
  });

  it.each(['run', 'wait', 'go'])('is void when the %s of its agent is killed, and repeated', async (verb) => {
    let killed = false;
    const { loaded, atBegin } = await run('echo value 42', async (command, exec) => {
      const [first, ...rest] = command.argv;
      const agent = rest.indexOf(verb) - 1;
      if (agent < 0 || killed) return exec(command);
      killed = true;
      return exec({ ...command, argv: [first, ...rest.slice(0, agent), 'sh', '-c', 'kill -KILL $$'] });
    });
    expect(loaded.records.map(({ trial, outcome }) => [trial, outcome.status])).toEqual([
      ['t0001', 'void'],
      ['t0001', 'collected'],
      ['t0002', 'collected'],
    ]);
    expect(atBegin).toEqual([[], [], []]);
  });

  it('is void when it cannot be given its start instant, and its agent has ended when it is repeated', async () => {
    let failed = false;
    const { loaded, atBegin } = await run('echo value 42', (command, exec) => {
      if (!command.argv.includes('go') || failed) return exec(command);
      failed = true;
      const [first, ...rest] = command.argv;
      return exec({ ...command, argv: [first, ...rest.map((word) => (word === 'go' ? 'unknown-verb' : word))] });
    });
    expect(loaded.records.map(({ trial, outcome }) => [trial, outcome.status])).toEqual([
      ['t0001', 'void'],
      ['t0001', 'collected'],
      ['t0002', 'collected'],
    ]);
    expect(atBegin).toEqual([[], [], []]);
  });
});

describe('a guest with another limit after its trial than before', () => {
  it('voids the trial, which is repeated', async () => {
    const weight = (found: string, verdict: Finding['verdict']): Finding => ({
      check: 'weight of the parent group',
      expected: 'weight 10000',
      found,
      verdict,
    });
    let reads = 0;
    const platform: Platform = {
      ...native,
      async start(host, spec) {
        const guest = await native.start(host, spec);
        const readBack = async (): Promise<readonly Finding[]> => {
          reads += 1;
          const last = reads === 2 ? weight('weight 100', 'differs') : weight('weight 10000', 'ok');
          return [...(await guest.readBack()), last];
        };
        return { ...guest, readBack };
      },
    };
    const { loaded } = await run('echo value 42', (command, exec) => exec(command), platform);
    expect(loaded.records.map(({ trial, outcome }) => [trial, outcome.status])).toEqual([
      ['t0001', 'void'],
      ['t0001', 'collected'],
      ['t0002', 'collected'],
    ]);
    const [first] = loaded.records;
    expect(first?.outcome.status === 'void' && first.outcome.reason).toMatch(
      /: weight of the parent group changed during the trial: weight 10000 before, weight 100 after$/,
    );
  });
});

/** Kills the process that waits for the end of the trial, once there is one and the workload runs. */
async function killWaiter(workload: string): Promise<number> {
  for (;;) {
    const waiter = processesUnder(workDir).find(({ words }) => words[1] === 'wait');
    if (waiter !== undefined && existsSync(workload)) {
      killIfRunning(waiter.pid);
      return waiter.pid;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
