import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../errors.js';
import { keepOff } from '../host/affinity.js';
import { gatherOrchestratorFacts } from '../host/orchestrator.js';
import { sharedWithBench } from '../host/shared-machine.js';
import { checkResumable, createRun, loadRun, reopenRun, type OpenRun } from '../store/index.js';
import type { HostConfig, HostId, Plan, PlannedTrial, Problem, RunId, TrialRecord } from '../types.js';
import { attemptTrial } from './trial/attempt-trial.js';
import { describePlatforms } from './trial/describe.js';
import { subjectOf, type Attempt, type Attempted } from './trial/attempt.js';
import { RECONNECT_SECONDS } from './trial/begin.js';
import type { RunEvent } from './session/events.js';
import { hostsInUse, type HostsInUse } from './session/hosts-in-use.js';
import { awaitQuiet, readBustle } from './trial/quiet.js';
import { makePace, type Pace } from './plan/pace.js';
import { PREPARE_LEASE_SECONDS } from './session/session.js';
import { setUpTrial } from './trial/set-up.js';
import { ATTEMPTS, guestsLeft, unfinished, type Unfinished } from './trial/unfinished.js';
import { seeStored, unneeded, watchPrecision, type Precision, type RelativeWidth } from './trial/precision.js';
import { benchmarkOf } from '../trial/benchmark.js';
import type { World } from './session/world.js';

export interface ExecuteOptions {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly plan: Plan;
  readonly runsDir: string;
  /** Goes on with this run instead of beginning one; its stored plan is what counts. */
  readonly resume?: RunId;
  readonly breakLock?: boolean;
  /** How wide the interval of some values is: what a plan with `until` is judged by. */
  readonly ciWidthOf?: RelativeWidth;
  /** How long a trial may wait for its host to be quiet. Default 0: it does not even look. */
  readonly quietWaitSeconds?: (host: HostConfig) => number;
  /** Whether hosts may be rebooted into the boots that targets name. */
  readonly mayReboot?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Carries a plan out, trial by trial, and tells what happens. Every record is on the disk before the event that tells
 * of it. A host that is lost or cannot be prepared takes its own trials with it and no others. When the signal aborts,
 * the trial at hand is stopped, guests are removed, locks released, and the run can be resumed.
 */
export async function execute(world: World, options: ExecuteOptions, tell: (event: RunEvent) => void): Promise<void> {
  const { run, left, precision } = await openRun(world, options, tell);
  const hosts = hostsInUse(world, {
    hosts: options.hosts,
    run,
    breakLock: options.breakLock ?? false,
    mayReboot: options.mayReboot ?? false,
    signal: options.signal,
    pending: (host) => guestsLeft(run.stored.plan, left.launched, host),
    tell,
  });
  const tally = { collected: 0, failed: 0, voided: 0, skipped: 0, unneeded: 0 };
  const pace = makePace(run.stored.plan, world.suites, world.workloads);
  const course: Course = { world, options, run, left, hosts, tell, tally, pace, precision, usual: new Map() };
  const trials = run.stored.plan.trials.length;
  tell({ kind: 'opened', run: run.id, directory: run.directory, trials, done: trials - left.todo.length });
  try {
    await prepareOrchestrator(course);
    // What an earlier process launched comes first: it may be measuring right now.
    const isPending = ({ id }: PlannedTrial): boolean => left.launched.has(id);
    const todo = [...left.todo.filter(isPending), ...left.todo.filter((trial) => !isPending(trial))];
    for (const [index, trial] of todo.entries()) {
      if (options.signal.aborted) break;
      if (await skipIfPrecise(course, trial)) continue;
      await runTrial(course, trial, todo.slice(index));
    }
    await hosts.closeAll();
    await run.journal({ at: world.now().toISOString(), event: 'closed', by: world.operator.who });
  } finally {
    // Again after an error (a full disk): locks and guests must not stay behind.
    await hosts.closeAll();
    await run.close();
  }
  tell({ kind: 'closed', run: run.id, ...tally, interrupted: options.signal.aborted });
}

/** A run under way. */
interface Course {
  readonly world: World;
  readonly options: ExecuteOptions;
  readonly run: OpenRun;
  readonly left: Unfinished;
  readonly hosts: HostsInUse;
  readonly pace: Pace;
  readonly precision: Precision;
  /** Temperatures of hosts as they were at their first trials. */
  readonly usual: Map<HostId, number>;
  readonly tell: (event: RunEvent) => void;
  readonly tally: { collected: number; failed: number; voided: number; skipped: number; unneeded: number };
}

type Opened = Pick<Course, 'run' | 'left' | 'precision'>;

async function openRun(world: World, options: ExecuteOptions, tell: Course['tell']): Promise<Opened> {
  const now = world.now();
  const entry = { at: now.toISOString(), by: world.operator.who };
  if (options.resume === undefined) {
    const run = await createRun(options.runsDir, options.plan, now);
    await run.journal({ ...entry, event: 'opened' });
    const precision = watchPrecision(options.plan.precision, options.ciWidthOf);
    return { run, left: { todo: options.plan.trials, launched: new Map(), voids: new Map() }, precision };
  }
  const loaded = await loadRun(options.runsDir, options.resume);
  checkResumable(loaded);
  const { stored: plan, records, journal } = loaded;
  const run = await reopenRun(options.runsDir, plan);
  await run.journal({ ...entry, event: 'resumed' });
  const precision = watchPrecision(plan.plan.precision, options.ciWidthOf);
  if (plan.plan.precision !== undefined) {
    for (const what of seeStored(precision, loaded, world)) tell({ kind: 'preparing', what });
  }
  return { run, left: unfinished(plan.plan, records, journal), precision };
}

/** Records a trial that is not needed any more, as its target and suite are known precisely enough; else false. */
async function skipIfPrecise(course: Course, trial: PlannedTrial): Promise<boolean> {
  const { world, run, left, precision, tally, tell } = course;
  const subject = benchmarkOf(trial);
  const why = precision.enough(trial.target, subject);
  if (why === undefined || left.launched.has(trial.id)) return false;
  const attempt = (left.voids.get(trial.id) ?? 0) + 1;
  await run.record({ ...unneeded(trial, run.stored.plan, why, world.now()), attempt });
  tally.unneeded += 1;
  tell({ kind: 'preparing', what: `trial ${trial.id} of ${trial.target} ${subject} is not needed: ${why}` });
  return true;
}

async function deviate({ world, run }: Course, trial: PlannedTrial, what: string): Promise<void> {
  await run.journal({ at: world.now().toISOString(), event: 'deviation', trial: trial.id, what });
}

async function prepareOrchestrator({ world, options, run, tell }: Course): Promise<void> {
  const shared = run.stored.plan.targets.filter(({ host }) => {
    const config = options.hosts.get(host);
    return config !== undefined && sharedWithBench(config) === 'kernel';
  });
  if (shared.length > 0) {
    const cpus = [...new Set(shared.flatMap((target) => target.shape.cpus))];
    tell({ kind: 'preparing', what: await keepOff(cpus) });
  }
  const facts = await gatherOrchestratorFacts();
  await run.journal({ at: world.now().toISOString(), event: 'facts', of: 'orchestrator', facts });
  await describePlatforms(world, run, run.stored.plan.targets);
}

/** One trial, repeated while it is void and attempts are left. */
async function runTrial(course: Course, trial: PlannedTrial, remaining: readonly PlannedTrial[]): Promise<void> {
  const { world, run, options, left, pace, tally, tell } = course;
  const problem = (what: Problem): void => tell({ kind: 'problem', problem: what });
  const notice = (what: string): void => tell({ kind: 'preparing', what });
  const context = { world, run, hosts: course.hosts, signal: options.signal, problem, notice };
  const setUp = await setUpTrial(context, trial);
  if (setUp === undefined) {
    tally.skipped += 1;
    return;
  }
  const { trials } = run.stored.plan;
  const place = { position: trials.indexOf(trial) + 1, trials: trials.length };
  const pickedUp = left.launched.get(trial.id);
  const first = pickedUp?.attempt ?? (left.voids.get(trial.id) ?? 0) + 1;
  if (pickedUp !== undefined) {
    await deviate(course, trial, `attempt ${first} was begun by an earlier process, and picked up before all others`);
  }
  const ahead = (trials: readonly PlannedTrial[]): number =>
    pace.remaining(trials.filter((each) => course.precision.enough(each.target, benchmarkOf(each)) === undefined));
  for (let number = first; ; number += 1) {
    const attempt = setUp.attempt(number, number === first ? left.launched.get(trial.id) : undefined);
    const common = { trial: trial.id, attempt: number, target: trial.target, suite: subjectOf(attempt), ...place };
    tell({ kind: 'trial-started', ...common, remainingSeconds: ahead(remaining) });
    const before = world.now().getTime();
    let attempted: Attempted;
    try {
      attempted = await retryOnDisconnect(course, attempt);
    } catch (error) {
      if (options.signal.aborted) {
        // It was stopped, unless it is behind a lost connection: nothing of it holds on to the host any more.
        if (!(error instanceof BenchError && error.transport)) left.launched.delete(trial.id);
        return;
      }
      if (error instanceof BenchError && error.problem.stage === 'store') throw error;
      const host = error instanceof BenchError ? error.problem.host : undefined;
      await course.hosts.giveUp(host ?? attempt.session.host.id, error);
      tally.skipped += 1;
      return;
    }
    left.launched.delete(trial.id);
    const seconds = (world.now().getTime() - before) / 1000;
    pace.saw(trial, seconds);
    count(tally, attempted.record);
    const { record, reading } = attempted;
    const { outcome } = record;
    course.precision.saw(record, reading);
    for (const what of reading.problems) notice(`trial ${trial.id}: ${what}`);
    const after = { seconds, ...place, remainingSeconds: ahead(remaining.slice(1)) };
    tell({ kind: 'trial-ended', record, readings: reading.readings, ...after });
    if (outcome.status !== 'void') return;
    const next = number >= ATTEMPTS ? 'not repeated again' : 'repeated, beyond the order of the plan';
    await deviate(course, trial, `attempt ${number} was void and is ${next}: ${outcome.reason}`);
    if (number >= ATTEMPTS || options.signal.aborted) return;
  }
}

/** Before anything of a trial runs: settings that drifted are set again, and caches dropped where that is asked for. */
async function readyHosts(attempt: Attempt): Promise<void> {
  const { session, peer, parts } = attempt;
  if (parts.some(({ launched }) => launched !== undefined)) return;
  for (const { host, lock, controls } of new Set(peer === undefined ? [session] : [session, peer])) {
    // Whoever has broken the lock meanwhile has settings of their own there.
    await lock.extend(PREPARE_LEASE_SECONDS);
    for (const { check, expected, found, verdict } of (await controls?.beforeTrial()) ?? []) {
      if (verdict !== 'ok') attempt.notice(`host ${host.id}: ${check}: asked ${expected}, is ${found} (${verdict})`);
    }
  }
}

/** The last thing before a trial: waits until others leave its CPUs alone; when they do not, the record will say so. */
async function quieten({ options, usual }: Course, attempt: Attempt): Promise<void> {
  const { session, target, parts, signal } = attempt;
  if (parts.some(({ launched }) => launched !== undefined)) return;
  const { id, config } = session.host;
  const { last, finding } = await awaitQuiet({
    seconds: options.quietWaitSeconds?.(config) ?? 0,
    usual: usual.get(id),
    look: () => readBustle(session.connection, target.shape.cpus),
    nowMs: () => performance.now(),
    notice: (what) => attempt.notice(`host ${id}: ${what}`),
    signal,
  });
  if (last?.temperature !== undefined && !usual.has(id)) usual.set(id, last.temperature);
  attempt.beforehand = finding === undefined ? [] : [finding];
}

/** Goes on with an attempt after a lost connection, for as long as a host may take to come back. */
async function retryOnDisconnect(course: Course, attempt: Attempt): Promise<Attempted> {
  const giveUp = Date.now() + RECONNECT_SECONDS * 1000;
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      await readyHosts(attempt);
      await quieten(course, attempt);
      return await attemptTrial(attempt);
    } catch (error) {
      const lost = error instanceof BenchError && error.transport;
      if (!lost || attempt.signal.aborted || Date.now() > giveUp) throw error;
      attempt.notice(`host ${attempt.session.host.id}: connection lost (${error.problem.message}); trying again`);
      await delay(pause, undefined, { signal: attempt.signal });
    }
  }
}

function count(tally: Course['tally'], { outcome }: TrialRecord): void {
  switch (outcome.status) {
    case 'collected':
      tally.collected += 1;
      break;
    case 'failed':
      tally.failed += 1;
      break;
    case 'void':
      tally.voided += 1;
      break;
    case 'skipped':
      tally.skipped += 1;
      break;
  }
}
