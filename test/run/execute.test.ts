import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { BenchError } from '../../harness/errors.js';
import { native } from '../../harness/platforms/native/index.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { execute } from '../../harness/run/execute.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import type { World } from '../../harness/run/session/world.js';
import { loadRun } from '../../harness/store/index.js';
import type { HostConfig, LoadedRun, Step, Suite, TargetConfig } from '../../harness/types.js';
import { plantAgent } from '../agent/compiled.js';
import { dummySuite } from './dummy-suite.js';

/** Counted, not asked of the scheduler: a run moves this very process off the CPUs that it measures on. */
const cpu = cpus().length - 1;
const target = (id: string, host = 'local'): TargetConfig => ({
  id,
  host,
  platform: 'native',
  shape: { cpus: [cpu] },
  options: {},
});

/** Of the whole file. */
let workDir: string;
beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-run-work-'));
  await plantAgent(workDir);
});
afterAll(() => rm(workDir, { recursive: true, force: true }));

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-run-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

async function run(
  suites: readonly Suite[],
  options: { targets?: readonly TargetConfig[]; trials?: number; within?: string } = {},
): Promise<{ events: RunEvent[]; loaded: LoadedRun; resume: () => Promise<RunEvent[]> }> {
  const hosts = new Map<string, HostConfig>([
    ['local', { id: 'local', connect: { via: 'local' }, workDir }],
    ['gone', { id: 'gone', connect: { via: 'ssh', destination: 'gone' } }],
  ]);
  const world: World = {
    connect: (host) =>
      host.connect.via === 'local'
        ? Promise.resolve(connectLocal())
        : Promise.reject(new BenchError({ stage: 'connect', message: 'refused' }, { transport: true })),
    platforms: new Map([['native', native]]),
    suites: new Map(suites.map((suite) => [suite.id, suite])),
    workloads: new Map(),
    now: () => new Date(),
    operator: { who: 'test@here', machine: 'here', pid: process.pid, pidStart: '1', scope: 'test' },
  };
  const plan = makePlan({
    seed: 1,
    profile: 'quick',
    suites,
    targets: options.targets ?? [target('linux-up')],
    trials: options.trials ?? 1,
  });
  const runsDir = join(options.within ?? place, 'runs');
  const executed = async (resumed: { resume?: string }): Promise<RunEvent[]> => {
    const events: RunEvent[] = [];
    const { signal } = new AbortController();
    await execute(world, { hosts, plan, runsDir, ...resumed, signal }, (event) => events.push(event));
    return events;
  };
  const events = await executed({});
  const id = events.find((event) => event.kind === 'opened')?.run ?? '';
  return { events, loaded: await loadRun(runsDir, id), resume: () => executed({ resume: id }) };
}

const step = (script: string, more: Partial<Step> = {}): Step => ({
  name: 'answer',
  phase: 'measure',
  argv: ['/bin/sh', '-c', script],
  limitSeconds: 5,
  yields: ['answer'],
  ...more,
});

/** What runs have left in the work directory of the host. */
const left = (): Promise<string[]> => readdir(join(workDir, 'native', 'trials'));

describe('executing a plan on this machine', () => {
  it('collects every trial, with its raw output and where each number was read', async () => {
    const { events, loaded } = await run([dummySuite()], { trials: 2, targets: [target('a'), target('b')] });
    expect(events.at(-1)).toMatchObject({ kind: 'closed', collected: 4, failed: 0, voided: 0, skipped: 0 });
    expect(loaded.damage).toEqual([]);
    expect(loaded.records.map(({ outcome }) => outcome.status)).toEqual(Array(4).fill('collected'));
    const ended = events.find((event) => event.kind === 'trial-ended');
    const [reading] = ended?.readings ?? [];
    expect(reading).toMatchObject({ metric: 'answer', value: 42 });
    const at = reading !== undefined && 'value' in reading ? reading.at : { file: '', line: 0 };
    const lines = new TextDecoder().decode(loaded.raw.get(at.file)).split('\n');
    expect(lines[at.line - 1]).toBe('value 42');
    expect(await left()).toEqual([]);
    const kept = await readdir(join(loaded.directory, 'raw'));
    expect(kept.some((name) => name.includes('vitals-before'))).toBe(true);
  });

  it('stores the plan and its facts before the first trial', async () => {
    const { loaded } = await run([dummySuite()]);
    expect(loaded.journal.map((entry) => entry.event)).toEqual([
      'opened',
      // Of the platforms, the orchestrator, the host and its controls.
      'facts',
      'facts',
      'facts',
      'facts',
      'launched',
      'closed',
    ]);
  });

  it('gives up the trials of a host that cannot be reached, and no others; nothing is recorded for them', async () => {
    const { events, loaded } = await run([dummySuite()], {
      targets: [target('linux-up'), target('far', 'gone')],
      trials: 2,
    });
    expect(events.at(-1)).toMatchObject({ collected: 2, skipped: 2 });
    const problems = events.filter((event) => event.kind === 'problem');
    expect(problems.map(({ problem }) => problem)).toEqual([{ host: 'gone', stage: 'connect', message: 'refused' }]);
    expect(loaded.records.every((record) => record.target === 'linux-up')).toBe(true);
    expect(loaded.journal.filter((entry) => entry.event === 'deviation')).toHaveLength(1);
  });
});

describe('trials that go wrong, in one run', () => {
  const broken: readonly (readonly [what: string, id: string, step: Step, why: RegExp])[] = [
    [
      'a tool that is missing',
      'missing',
      step('', { argv: ['/nonexistent/tool'] }),
      /step answer could not be started \(\/nonexistent\/tool: No such file/,
    ],
    [
      'a tool that fails',
      'failing',
      step('echo "no such option" >&2; exit 3'),
      /step answer exited with 3: no such option/,
    ],
    ['a tool that never ends', 'endless', step('sleep 60', { limitSeconds: 1 }), /did not end within its time limit/],
    ['a tool that crashes', 'crashing', step('kill -SEGV $$'), /was killed by signal 11/],
    [
      'a set-up step that fails',
      'unprepared',
      step('exit 1', { phase: 'prepare', yields: [] }),
      /step answer exited with 1/,
    ],
  ];
  const silent: readonly (readonly [what: string, id: string, step: Step])[] = [
    ['prints nothing', 'silent', step('true')],
    ['prints garbage', 'garbled', step('head -c 3000 /dev/urandom')],
  ];
  const stray = step('taskset -pc 0 $$ >/dev/null; sleep 0.05; echo value 42');
  const large = dummySuite({ id: 'large' });
  const suites: readonly Suite[] = [
    ...broken.map(([, id, failing]) =>
      dummySuite({
        id,
        steps: [failing, ...(failing.phase === 'prepare' ? [step('echo value 1', { name: 'later' })] : [])],
      }),
    ),
    ...silent.map(([, id, only]) => dummySuite({ id, steps: [only] })),
    { ...dummySuite({ id: 'uninstallable' }), install: () => Promise.reject(new Error('no compiler here')) },
    { ...large, profiles: { ...large.profiles, quick: { ...large.profiles.quick, scratchBytes: 1e15 } } },
    ...(cpu === 0 ? [] : [dummySuite({ id: 'stray', steps: [stray] })]),
    dummySuite({ id: 'good' }),
  ];

  let events: readonly RunEvent[];
  let loaded: LoadedRun;
  let results: string;
  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'bench-run-'));
    ({ events, loaded } = await run(suites, { within: results }));
  });
  afterAll(() => rm(results, { recursive: true, force: true }));
  const outcomeOf = (id: string) => loaded.records.find(({ benchmark }) => benchmark === id)?.outcome;

  it('leave the others alone, and are counted', () => {
    expect(outcomeOf('good')?.status).toBe('collected');
    expect(events.at(-1)).toMatchObject({
      kind: 'closed',
      collected: 1 + silent.length,
      failed: broken.length + 2,
      skipped: 0,
    });
  });

  it.each(broken)('%s fails its own trial with the reason', (_, id, __, why) => {
    expect(outcomeOf(id)).toMatchObject({
      status: 'failed',
      problem: {
        stage: 'measure',
        host: 'local',
        target: 'linux-up',
        suite: id,
        message: expect.stringMatching(why) as string,
      },
    });
  });

  it.each(silent)('a tool that exits 0 and %s leaves a metric missing, with the reason', (_, id) => {
    const ended = events.find((event) => event.kind === 'trial-ended' && event.record.benchmark === id);
    expect(ended).toMatchObject({ readings: [{ metric: 'answer', missing: 'no value was printed' }] });
  });

  it('a suite that cannot be installed fails with the stage and its words', () => {
    expect(outcomeOf('uninstallable')).toMatchObject({
      status: 'failed',
      problem: { stage: 'install', message: 'no compiler here', target: 'linux-up' },
    });
  });

  it('that there is no room is reported before the trial starts', () => {
    expect(outcomeOf('large')).toMatchObject({ status: 'failed', problem: { stage: 'install' } });
    const trial = loaded.records.find(({ benchmark }) => benchmark === 'large')?.trial;
    expect(loaded.journal.filter((entry) => entry.event === 'launched' && entry.trial === trial)).toEqual([]);
  });

  it.skipIf(cpu === 0)('a trial that strayed from its CPUs (needs two CPUs) is void, and tried again', () => {
    const strayed = loaded.records.filter(({ benchmark }) => benchmark === 'stray');
    expect(strayed.map(({ attempt, outcome }) => [attempt, outcome.status])).toEqual([
      [1, 'void'],
      [2, 'void'],
      [3, 'void'],
    ]);
    expect(strayed[0]?.outcome).toMatchObject({
      reason: expect.stringMatching(/^ran on CPU 0, pinned to/) as string,
    });
  });
});
