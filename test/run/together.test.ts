import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { native } from '../../harness/platforms/native/index.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { execute } from '../../harness/run/execute.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import type { World } from '../../harness/run/session/world.js';
import { loadRun } from '../../harness/store/index.js';
import type { Assignment, HostConfig, LoadedRun, Step, Suite, TargetConfig, Workload } from '../../harness/types.js';
import { readTrial, type TrialReading } from '../../harness/trial/read-trial.js';
import { plantAgent } from '../agent/compiled.js';
import { killAgentsBelow, killIfRunning } from '../processes.js';
import { dummySuite } from './dummy-suite.js';
import { dummyWorkload } from './dummy-workload.js';

// Several guests at once, for real, on this machine: the agent, the barrier, the judging, the record.

const cpu = cpus().length - 1;
const target: TargetConfig = { id: 'linux-up', host: 'local', platform: 'native', shape: { cpus: [cpu] }, options: {} };

/** Of the whole file. */
let workDir: string;
beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-together-work-'));
  await plantAgent(workDir);
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-together-'));
});
afterEach(async () => {
  killAgentsBelow(workDir);
  await rm(place, { recursive: true, force: true });
});

const step = (script: string, more: Partial<Step> = {}): Step => ({
  name: 'answer',
  phase: 'measure',
  argv: ['/bin/sh', '-c', script],
  limitSeconds: 30,
  yields: ['answer'],
  ...more,
});
const sleeper = dummySuite({ id: 'sleeper', steps: [step('sleep 0.6; echo value 1')] });
const two: readonly Assignment[] = [
  { guest: 0, suite: 'sleeper' },
  { guest: 1, suite: 'sleeper' },
];
/** Short steps on a busy machine: how much they overlap is not what these tests ask. */
const LENIENT = { overlapLimit: 20 };
const disturbedBy = (suite: string): readonly Assignment[] => [
  { guest: 0, suite: 'sleeper' },
  { guest: 1, suite, role: 'load' },
];

async function run(
  suites: readonly Suite[],
  workload: Workload,
  more: { readonly during?: (event: RunEvent) => void; readonly memoryBytes?: number } = {},
): Promise<{ readonly events: readonly RunEvent[]; readonly loaded: LoadedRun }> {
  const hosts = new Map<string, HostConfig>([['local', { id: 'local', connect: { via: 'local' }, workDir }]]);
  const world: World = {
    connect: () => Promise.resolve(connectLocal()),
    platforms: new Map([['native', { ...native, enforces: ['cpus', 'memory'] }]]),
    suites: new Map(suites.map((suite) => [suite.id, suite])),
    workloads: new Map([[workload.id, workload]]),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const { memoryBytes } = more;
  const shape = { ...target.shape, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
  const targets = [{ ...target, shape }];
  const plan = makePlan({ seed: 1, profile: 'quick', suites: [], workloads: [workload], targets });
  const runsDir = join(place, 'runs');
  const events: RunEvent[] = [];
  await execute(world, { hosts, plan, runsDir, signal: new AbortController().signal }, (event) => {
    events.push(event);
    more.during?.(event);
  });
  const opened = events.find((event) => event.kind === 'opened');
  return { events, loaded: await loadRun(runsDir, opened?.run ?? '') };
}

/** The first trial of a run, which can be read. */
function readStored({ records, raw }: LoadedRun, benchmark: Workload): Extract<TrialReading, { status: 'read' }> {
  const [record] = records;
  const reading = record === undefined ? undefined : readTrial(record, raw, { benchmark });
  if (reading?.status !== 'read') throw new Error(`the first trial cannot be read: ${reading?.problems.join() ?? ''}`);
  return reading;
}

/** The pid of a guest's agent, once it measures. */
async function agentOf(guest: number): Promise<number> {
  const trials = join(workDir, 'native', 'trials');
  for (;;) {
    const names = await readdir(trials, { recursive: true }).catch((): string[] => []);
    const go = names.find((name) => name.includes('t0001.1.') && name.endsWith(`.g${guest}/go`));
    if (go !== undefined) return Number.parseInt(await readFile(join(trials, go, '..', 'pid'), 'utf8'), 10);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('a trial of several guests', () => {
  it('starts them at one instant, and records each of them and how simultaneous they were', async () => {
    const { events, loaded } = await run([sleeper], dummyWorkload(two, LENIENT));
    expect(loaded.damage).toEqual([]);
    const [record] = loaded.records;
    expect(record).toMatchObject({
      benchmark: 'together',
      outcome: { status: 'collected' },
      expects: [],
      findings: [],
    });
    expect(record?.installation).toBeUndefined();
    expect(record?.guests?.map(({ name }) => name.replace(/^bench-.*-linux-up/, ''))).toEqual(['-0', '-1']);
    expect(record?.guests?.map(({ artifacts }) => artifacts)).toEqual([
      ['raw/t0001.1.g0.txt', expect.stringMatching(/^raw\/t0001\.1\.g0\.vitals-\d+\.json$/)],
      ['raw/t0001.1.g1.txt'],
    ]);
    expect(record?.simultaneity).toMatchObject({ guests: 2, releaseSkewNs: 0, boundNs: 0 });
    const verdicts = new Map(record?.gates?.map(({ gate, verdict }) => [gate, verdict]));
    expect([verdicts.get('skew'), verdicts.get('overlap')]).toEqual(['ok', 'ok']);
    // Others use this machine, too: what they do is noted, and voids nothing.
    expect(['ok', 'noted']).toContain(verdicts.get('foreign-load'));
    const reading = readStored(loaded, dummyWorkload(two, LENIENT));
    const [one, other] = reading.guests.map(({ timing }) => timing);
    expect(one?.releasedNs).toBe(other?.releasedNs);
    expect(BigInt(one?.awakeNs ?? 0)).toBeGreaterThanOrEqual(BigInt(one?.releasedNs ?? 0));
    expect(BigInt(one?.startedNs ?? 0)).toBeGreaterThanOrEqual(BigInt(one?.awakeNs ?? 0));
    const ended = events.find((event) => event.kind === 'trial-ended');
    expect(ended?.readings).toMatchObject([{ metric: 'answers', value: 2 }]);
    expect(ended?.readings).toEqual(reading.readings);
    const launches = loaded.journal.filter((entry) => entry.event === 'launched');
    expect(launches.map(({ guestNumber, dir }) => [guestNumber, dir.slice(-3)])).toEqual([
      [undefined, '.g0'],
      [1, '.g1'],
    ]);
    const left = await readdir(join(workDir, 'native', 'trials'), { recursive: true });
    expect(left.filter((name) => name.includes('.g'))).toEqual([]);
  });

  it('ends a load when what it disturbs is done, and keeps its output', async () => {
    const load = dummySuite({
      id: 'load',
      steps: [step('trap "echo value 9; exit" TERM; while :; do sleep 0.05; done')],
    });
    const { loaded } = await run([sleeper, load], dummyWorkload(disturbedBy('load')));
    expect(loaded.records[0]).toMatchObject({ outcome: { status: 'collected' }, simultaneity: { guests: 1 } });
    const raw = new TextDecoder().decode(loaded.raw.get('raw/t0001.1.g1.txt'));
    expect(raw).toContain('"status":"finished"');
    expect(raw).toContain('value 9');
  });

  it('lets no guest clean up while another measures', async () => {
    const cleanup = step('true', { name: 'tidy', phase: 'cleanup', yields: [] });
    const quick = dummySuite({ id: 'quick', steps: [step('echo value 1'), cleanup] });
    const uneven = [
      { guest: 0, suite: 'quick' },
      { guest: 1, suite: 'sleeper' },
    ] as const;
    const { loaded } = await run([quick, sleeper], dummyWorkload(uneven, { overlapLimit: 0 }));
    const [record] = loaded.records;
    expect(record?.outcome).toMatchObject({ status: 'collected' });
    const [first, second] = readStored(loaded, dummyWorkload(uneven)).guests;
    expect(BigInt(first?.timing.endedNs ?? 0)).toBeLessThan(BigInt(second?.timing.endedNs ?? 0));
    expect(BigInt(first?.timing.steps['tidy']?.startNs ?? 0)).toBeGreaterThan(BigInt(second?.timing.endedNs ?? 0));
  });

  it('is void when the load did not run for all of the time, and is tried again', async () => {
    const load = dummySuite({ id: 'load', steps: [step('sleep 0.3')] });
    const { loaded } = await run([sleeper, load], dummyWorkload(disturbedBy('load')));
    expect(loaded.records.map(({ outcome }) => outcome.status)).toEqual(['void', 'void', 'void']);
    expect(loaded.records[0]?.outcome).toMatchObject({
      reason: expect.stringMatching(/^guest 1 \(load\), the load, ended \d+\.\d ms before/) as string,
    });
  });

  it('is void when the guests hardly ran at once, unless the workload has a lower limit', async () => {
    const long = dummySuite({ id: 'long', steps: [step('sleep 1.2; echo value 1')] });
    const uneven = [
      { guest: 0, suite: 'sleeper' },
      { guest: 1, suite: 'long' },
    ] as const;
    const strict = await run([sleeper, long], dummyWorkload(uneven));
    expect(strict.loaded.records[0]?.outcome).toMatchObject({
      status: 'void',
      reason: expect.stringMatching(/^overlap: .* \(limit 95 %\)$/) as string,
    });
    const lenient = await run([sleeper, long], dummyWorkload(uneven, { overlapLimit: 10 }));
    expect(lenient.loaded.records.map(({ outcome }) => outcome.status)).toEqual(['collected']);
  });

  it('fails, naming the guest, when one cannot be prepared, and the others are not started', async () => {
    const bad = dummySuite({
      id: 'bad',
      steps: [step('echo "no disk" >&2; exit 4', { name: 'set-up', phase: 'prepare' }), step('echo value 1')],
    });
    const { loaded } = await run([sleeper, bad], dummyWorkload([two[0] as Assignment, { guest: 1, suite: 'bad' }]));
    expect(loaded.records.map(({ outcome }) => outcome)).toMatchObject([
      {
        status: 'failed',
        problem: { message: 'guest 1 (bad): step set-up exited with 4: no disk', suite: 'together' },
      },
    ]);
    expect(loaded.records[0]?.guests?.[0]?.artifacts).toEqual([]);
  });

  it('is void when one guest is killed in the middle; the others are stopped, and it is tried again', async () => {
    const slow = dummySuite({ id: 'sleeper', steps: [step('sleep 1; echo value 1')] });
    let killed: Promise<void> | undefined;
    const during = ({ kind }: RunEvent): void => {
      if (kind !== 'trial-started' || killed !== undefined) return;
      killed = agentOf(1).then((pid) => {
        killIfRunning(pid);
      });
    };
    const { loaded } = await run([slow], dummyWorkload(two, LENIENT), { during });
    await killed;
    expect(loaded.records.map(({ attempt, outcome }) => [attempt, outcome.status])).toEqual([
      [1, 'void'],
      [2, 'collected'],
    ]);
    const left = await readdir(join(workDir, 'native', 'trials'), { recursive: true });
    expect(left.filter((name) => name.endsWith('.g0'))).toEqual([]);
  });

  it('is not begun where its guests do not fit the host, which is reported once', async () => {
    const { events, loaded } = await run([sleeper], dummyWorkload(two, { trials: 2 }), { memoryBytes: 2 ** 50 });
    expect(events.at(-1)).toMatchObject({ kind: 'closed', skipped: 2, collected: 0 });
    const problems = events.filter((event) => event.kind === 'problem').map(({ problem }) => problem);
    expect(problems).toMatchObject([
      {
        stage: 'probe',
        host: 'local',
        suite: 'together',
        message: '2 guests of workload together need more memory than the host has available',
      },
    ]);
    expect(loaded.records).toEqual([]);
  });
});
