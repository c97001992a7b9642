import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import type { Watched } from '../../../harness/host/vitals/watched.js';
import { native } from '../../../harness/platforms/native/index.js';
import type { RunEvent } from '../../../harness/run/session/events.js';
import { execute } from '../../../harness/run/execute.js';
import { makePlan, type PlanRequest } from '../../../harness/run/plan/plan.js';
import type { World } from '../../../harness/run/session/world.js';
import { loadRun } from '../../../harness/store/index.js';
import type { HostConfig, LoadedRun } from '../../../harness/types.js';
import { relativeWidth } from '../../../reports/statistics/power.js';
import { killAgentsBelow } from '../../processes.js';
import { dummySuite } from '../dummy-suite.js';

// Real trials on this machine, whose other users must not matter: thresholds are asked for, never the defaults.

const cpu = cpus().length - 1;
const target = { id: 'linux-up', host: 'local', platform: 'native', shape: { cpus: [cpu] }, options: {} } as const;

/** Of the whole file: the agent is compiled once. */
let workDir: string;
beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-verdicts-work-'));
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-verdicts-'));
});
afterEach(async () => {
  killAgentsBelow(workDir);
  await rm(place, { recursive: true, force: true });
});

interface More extends Partial<PlanRequest> {
  readonly script?: string;
  readonly resume?: string;
  readonly signal?: AbortSignal;
  readonly see?: (event: RunEvent) => void;
}

async function run(more: More = {}): Promise<{ events: RunEvent[]; loaded: LoadedRun }> {
  const { script = 'echo value 42', resume, signal = new AbortController().signal, see, ...request } = more;
  const step = { name: 'answer', phase: 'measure', argv: ['/bin/sh', '-c', script], limitSeconds: 20 } as const;
  const suite = dummySuite({ steps: [{ ...step, yields: ['answer'] }] });
  const host: HostConfig = { id: 'local', connect: { via: 'local' }, workDir };
  const world: World = {
    connect: () => Promise.resolve(connectLocal()),
    platforms: new Map([['native', native]]),
    suites: new Map([[suite.id, suite]]),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const plan = makePlan({ seed: 1, profile: 'quick', suites: [suite], targets: [target], trials: 1, ...request });
  const runsDir = join(place, 'runs');
  const events: RunEvent[] = [];
  const hosts = new Map([['local', host]]);
  const going = resume === undefined ? {} : { resume };
  await execute(world, { hosts, plan, runsDir, ciWidthOf: relativeWidth, signal, ...going }, (event) => {
    events.push(event);
    see?.(event);
  });
  const opened = events.find((event) => event.kind === 'opened');
  return { events, loaded: await loadRun(runsDir, opened?.run ?? '') };
}

const statuses = ({ records }: LoadedRun): string[] => records.map(({ outcome }) => outcome.status);

describe('a burner on the CPU under test', () => {
  let burner: ChildProcess;
  beforeEach(() => {
    const loop = 'while :; do :; done';
    burner = spawn('taskset', ['-c', String(cpu), 'bash', '-c', loop], { stdio: 'ignore' });
  });
  afterEach(() => {
    burner.kill('SIGKILL');
  });

  it('voids the trial, which is repeated and recorded as a deviation', async () => {
    const { loaded } = await run({ gates: { 'foreign-load': 1 }, script: 'sleep 2; echo value 1' });
    expect(statuses(loaded)).toEqual(['void', 'void', 'void']);
    const reasons = loaded.records.map(({ outcome }) => (outcome.status === 'void' ? outcome.reason : ''));
    const named = new RegExp(` % used by others: .*bash \\(${burner.pid}\\)`);
    expect(reasons.filter((reason) => !reason.startsWith(`foreign-load: CPU ${cpu}: `))).toEqual([]);
    // The busiest are named: whatever else runs here may be busier in one of the attempts.
    expect(reasons.join('\n')).toMatch(named);
    const deviations = loaded.journal.flatMap((entry) => (entry.event === 'deviation' ? [entry] : []));
    expect(deviations.map(({ trial }) => trial)).toEqual(['t0001', 't0001', 't0001']);
    expect(deviations.at(0)?.what).toMatch(
      /^attempt 1 was void and is repeated, beyond the order of the plan: foreign/,
    );
    expect(deviations.at(-1)?.what).toMatch(/^attempt 3 was void and is not repeated again/);
  });

  it('is noted on a shared machine by default, and stored, so that it can be judged again', async () => {
    const { loaded } = await run({ script: 'sleep 2; echo value 1' });
    expect(statuses(loaded)).toEqual(['collected']);
    const reading = loaded.records[0]?.gates?.find(({ gate }) => gate === 'foreign-load');
    expect(reading).toMatchObject({ verdict: 'noted', limit: expect.any(Number) as number });
    const stored = [...loaded.raw].find(([path]) => /\.vitals-\d+\.json$/.test(path));
    const watched = JSON.parse(new TextDecoder().decode(stored?.[1])) as Watched;
    const { before, after } = watched.ticks[cpu] ?? {};
    expect((after?.busy ?? 0) - (before?.busy ?? 0)).toBeGreaterThan(0);
    expect(Array.isArray(watched.strangers)).toBe(true);
  });
});

describe('a rule on precision', () => {
  const until = { ciWidth: 0.01, minTrials: 3, maxTrials: 6 };
  const ENOUGH = ['collected', 'collected', 'collected', 'skipped', 'skipped', 'skipped'];

  it('ends the trials of a target once all is known precisely enough', async () => {
    const { events, loaded } = await run({ precision: until });
    expect(statuses(loaded)).toEqual(ENOUGH);
    expect(events.at(-1)).toMatchObject({ kind: 'closed', collected: 3, skipped: 0, unneeded: 3 });
    expect(loaded.records.at(-1)?.outcome).toMatchObject({
      reason: expect.stringMatching(/^precise enough/) as string,
    });
  });

  it('goes on after an interruption with what was measured before it', async () => {
    const stop = new AbortController();
    const see = (event: RunEvent): void => {
      if (event.kind === 'trial-ended' && event.position === 2) stop.abort(new Error('interrupted'));
    };
    const first = await run({ precision: until, see, signal: stop.signal });
    expect(statuses(first.loaded)).toEqual(['collected', 'collected']);
    const { loaded } = await run({ precision: until, resume: first.loaded.id });
    expect(statuses(loaded)).toEqual(ENOUGH);
  });
});
