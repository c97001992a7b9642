import {
  awaitDone,
  awaitReady,
  discard,
  fetchRaw,
  launch,
  release,
  stateOf,
  stop,
  type TrialSpec,
  type Waiting,
} from '../agent/client.js';
import { BenchError, problemOf } from '../errors.js';
import { verifyShape } from '../host/verify.js';
import { readRawFile } from '../../suites/raw.js';
import type { OpenRun } from '../store/index.js';
import type {
  Artifact,
  Finding,
  Guest,
  GuestSpec,
  Installation,
  Outcome,
  PlannedTrial,
  Platform,
  Problem,
  Reading,
  Step,
  Suite,
  TargetConfig,
  TrialRecord,
} from '../types.js';
import { checkScratch, installAgentIn, installSuite } from './install.js';
import { judgeTrial, type Verdict } from './judge-trial.js';
import type { HostSession } from './session.js';
import type { Launched } from './unfinished.js';
import type { World } from './world.js';

/** Between the start instant's being given and its coming: the message must have arrived by then. */
const START_LEAD_MS = 200;
/** A guest may be gone for a reboot; a connection cut for longer than this ends the host's part of the run. */
const RECONNECT_SECONDS = 300;
/** Added to the sum of the steps' limits: starting, killing, removing the scratch directory. */
const SLACK_SECONDS = 60;

/** Everything that one attempt at one trial needs. */
export interface Attempt {
  readonly world: World;
  readonly run: OpenRun;
  readonly session: HostSession;
  readonly platform: Platform;
  readonly target: TargetConfig;
  readonly suite: Suite;
  readonly trial: PlannedTrial;
  readonly number: number;
  readonly signal: AbortSignal;
  /** Set when the agent of this attempt was started before, by this process or a dead one. */
  launched?: Launched | undefined;
  /** The agent inside the guest, once it is there. */
  agentPath?: string;
  notice(what: string): void;
}

/** How an attempt ended, with what the parser makes of it for display. */
export interface Attempted {
  readonly record: TrialRecord;
  readonly readings: readonly Reading[];
}

/**
 * One attempt at one trial: guest up, shape verified, suite installed, agent launched, started at an instant, waited
 * for, raw output fetched and stored, record written. What goes wrong becomes a record of status `failed`. Rejects only
 * when the host is lost for longer than can be waited for (`transport`), or the run is interrupted; the attempt then
 * stays without a record and is picked up by a later process.
 */
export async function attemptTrial(attempt: Attempt): Promise<Attempted> {
  const started = attempt.launched?.at ?? attempt.world.now().toISOString();
  let guest: Guest | undefined;
  let lost = false;
  try {
    guest = await reachGuest(attempt);
    const launched = await reachLaunch(attempt, guest);
    return await finish(attempt, guest, launched, started);
  } catch (error) {
    lost = error instanceof BenchError && error.transport;
    if (attempt.signal.aborted || lost) throw error;
    return { record: await write(attempt, started, outcomeOf(attempt, error)), readings: [] };
  } finally {
    // A guest behind a lost connection goes on measuring, and is picked up when the connection is back.
    if (guest !== undefined && !lost) await endGuest(attempt, guest);
  }
}

/** What broke while it measured (a guest that died) says nothing of the system under test: such a trial is void. */
function outcomeOf(attempt: Attempt, error: unknown): Outcome {
  const problem = { ...problemOf(error, 'prepare'), ...contextOf(attempt) };
  if (problem.stage === 'measure') return { status: 'void', reason: problem.message, artifacts: [] };
  return { status: 'failed', problem, artifacts: [] };
}

function contextOf(attempt: Attempt): { host: string; target: string; suite: string } {
  return { host: attempt.session.host.id, target: attempt.target.id, suite: attempt.suite.id };
}

async function endGuest(attempt: Attempt, guest: Guest): Promise<void> {
  try {
    const { agentPath, launched } = attempt;
    // Interrupted in the middle: what still runs there would disturb whatever comes next.
    if (attempt.signal.aborted && agentPath !== undefined && launched !== undefined) {
      await stop(guest.executor, agentPath, launched.dir);
      await discard(guest.executor, agentPath, launched.dir);
    }
    await guest.stop();
  } catch (error) {
    attempt.notice(`guest ${guest.name} was not stopped cleanly: ${problemOf(error, 'stop').message}`);
  }
}

/** The guest of this attempt: the one still running when the agent was launched before, else a fresh start. */
async function reachGuest(attempt: Attempt): Promise<Guest> {
  const { platform, session, launched } = attempt;
  const spec = guestSpec(attempt);
  const running = launched === undefined ? undefined : await platform.attach(session.host, spec);
  return running ?? platform.start(session.host, spec);
}

/** `bench-<run>-<target>-0`, see `GuestSpec`. */
export function guestSpec(attempt: Pick<Attempt, 'run' | 'target'>): GuestSpec {
  const suffix = attempt.run.id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-6);
  const target = attempt.target.id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { name: `bench-${suffix}-${target}-0`.slice(0, 60), target: attempt.target };
}

async function reachLaunch(attempt: Attempt, guest: Guest): Promise<Launched> {
  if (attempt.launched !== undefined) {
    const agent = await reachAgent(attempt, guest);
    const state = await stateOf(guest.executor, agent, attempt.launched.dir);
    if (state === 'dead') {
      const message = 'the agent ended before the trial did: was the guest or host restarted?';
      throw new BenchError({ stage: 'measure', message });
    }
    if (state !== 'absent') {
      attempt.notice(`picking up trial ${attempt.trial.id}, which is ${state}`);
      await advance(attempt, guest, agent, attempt.launched, state);
      return attempt.launched;
    }
  }
  const { launched, agent } = await begin(attempt, guest);
  await advance(attempt, guest, agent, launched, 'preparing');
  return launched;
}

async function reachAgent(attempt: Attempt, guest: Guest): Promise<string> {
  attempt.agentPath ??= await installAgentIn(attempt.session, guest);
  return attempt.agentPath;
}

function refuseOtherShape(findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const message = `the guest has not the shape that was asked for: ${check}`;
  throw new BenchError({ stage: 'verify', message, expected, found, ...(hint === undefined ? {} : { hint }) });
}

async function begin(attempt: Attempt, guest: Guest): Promise<{ launched: Launched; agent: string }> {
  const { suite, session, target, run } = attempt;
  const findings = await verifyShape(guest, target.shape);
  refuseOtherShape(findings);
  await checkScratch(guest, suite, run.plan.plan.profile);
  const agent = await reachAgent(attempt, guest);
  const { installation, dir: suiteDir } = await installSuite(session, guest, suite);
  const place = `${run.id}/${attempt.trial.id}.${attempt.number}`;
  const dir = `${guest.workDir}/trials/${place}`;
  const scratch = `${dir}/scratch`;
  const steps = suite.steps({
    profile: run.plan.plan.profile,
    installation,
    scratch,
    dir: suiteDir,
    cpus: guest.cpus,
    ...(target.shape.memoryBytes === undefined ? {} : { memoryBytes: target.shape.memoryBytes }),
  });
  const spec = trialSpec(dir, scratch, guest.cpus, installation, steps);
  const limitSeconds = steps.reduce((sum, step) => sum + step.limitSeconds, SLACK_SECONDS);
  await session.lock.extend(limitSeconds + 2 * RECONNECT_SECONDS);
  const launched: Launched = {
    at: attempt.world.now().toISOString(),
    event: 'launched',
    trial: attempt.trial.id,
    attempt: attempt.number,
    guest: guest.name,
    dir: spec.dir,
    installation,
    expects: steps.flatMap((step) => step.yields ?? []),
    findings,
    limitSeconds,
  };
  await run.journal(launched);
  attempt.launched = launched;
  await launch(guest.executor, agent, spec);
  return { launched, agent };
}

function trialSpec(
  dir: string,
  scratch: string,
  cpus: readonly number[],
  installation: Installation,
  steps: readonly Step[],
): TrialSpec {
  return { dir, scratch, cpus, env: installation.env, steps, readyLimitSeconds: 600, spin: true };
}

/** Takes a launched trial from the state it is in to its end. While it measures, nothing is sent to the guest. */
async function advance(
  attempt: Attempt,
  guest: Guest,
  agent: string,
  launched: Launched,
  from: 'preparing' | 'ready' | 'measuring' | 'done',
): Promise<void> {
  const { executor } = guest;
  const patience = patienceOf(attempt, launched);
  let state = from;
  if (state === 'preparing') {
    const reached = await awaitReady(executor, agent, launched.dir, patience);
    state = reached === 'ready' ? 'ready' : 'done';
  }
  if (state === 'ready') await release(executor, agent, launched.dir, START_LEAD_MS, patience);
  if (state !== 'done') await awaitDone(executor, agent, launched.dir, patience);
}

function patienceOf(attempt: Attempt, launched: Launched): Waiting {
  return {
    limitSeconds: launched.limitSeconds,
    reconnectSeconds: RECONNECT_SECONDS,
    onReconnect: () => attempt.notice(`host ${attempt.session.host.id} was reached again`),
    signal: attempt.signal,
  };
}

async function finish(attempt: Attempt, guest: Guest, launched: Launched, started: string): Promise<Attempted> {
  const { run, suite } = attempt;
  const agent = await reachAgent(attempt, guest);
  const bytes = await fetchRaw(guest.executor, agent, launched.dir, patienceOf(attempt, launched));
  const artifact = await run.keep(`${attempt.trial.id}.${attempt.number}.txt`, bytes);
  const context = { profile: run.plan.plan.profile, installation: launched.installation };
  const raw = readRawFile(artifact.path, bytes, context);
  const outcome = judged(attempt, judgeTrial(raw, guest.cpus), [artifact]);
  const readings = outcome.status === 'collected' ? suite.parse(raw) : [];
  const record = await write(attempt, started, outcome);
  // Only now that the record is on the disk may the guest's copy go; what cannot be removed costs disk, not data.
  await discard(guest.executor, agent, launched.dir).catch((error: unknown) => {
    attempt.notice(`${launched.dir} was left on ${guest.executor.where}: ${problemOf(error, 'stop').message}`);
  });
  return { record, readings };
}

function judged(attempt: Attempt, verdict: Verdict, artifacts: readonly Artifact[]): Outcome {
  switch (verdict.status) {
    case 'collected':
      return { status: 'collected', artifacts };
    case 'void':
      return { status: 'void', reason: verdict.reason, artifacts };
    case 'failed': {
      const { message, hint } = verdict;
      const problem: Problem = { stage: 'measure', ...contextOf(attempt), message };
      return { status: 'failed', problem: hint === undefined ? problem : { ...problem, hint }, artifacts };
    }
  }
}

async function write(attempt: Attempt, started: string, outcome: Outcome): Promise<TrialRecord> {
  const { trial, target, suite, run, launched } = attempt;
  const record: TrialRecord = {
    schema: 'bench-record/1',
    trial: trial.id,
    attempt: attempt.number,
    block: trial.block,
    target: target.id,
    suite: suite.id,
    profile: run.plan.plan.profile,
    origin: 'measured',
    started,
    ended: attempt.world.now().toISOString(),
    ...(launched === undefined ? {} : { installation: launched.installation }),
    expects: launched?.expects ?? [],
    findings: launched?.findings ?? [],
    outcome,
  };
  await run.record(record);
  return record;
}
