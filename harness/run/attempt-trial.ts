import { awaitDone, awaitReady, discard, fetchRaw, release, stateOf, stop, type Waiting } from '../agent/client.js';
import { BenchError, problemOf } from '../errors.js';
import { rawNames, readRawTrial, type RawFile, type ReadTrial } from '../../suites/raw.js';
import type { Guest } from '../types.js';
import { guestSpec, reachAgent, type Attempt, type Attempted } from './attempt.js';
import { beginTrial, RECONNECT_SECONDS } from './begin.js';
import { keepCpuTime, keptBeside } from './cpu-time.js';
import { judgeTrial } from './judge-trial.js';
import { endService } from './peer.js';
import { brokenOutcome, judgedOutcome, writeRecord } from './record.js';
import type { Launched } from './unfinished.js';

/** Between the start instant's being given and its coming: the message must have arrived by then. */
const START_LEAD_MS = 200;

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
    // What cannot be stored cannot be recorded either, and may be half written: the run ends, and can be resumed.
    const unstored = error instanceof BenchError && error.problem.stage === 'store';
    if (attempt.signal.aborted || lost || unstored) throw error;
    return { record: await writeRecord(attempt, started, brokenOutcome(attempt, error)), readings: [] };
  } finally {
    // A guest behind a lost connection goes on measuring, and is picked up when the connection is back.
    if (guest !== undefined && !lost) await endGuest(attempt, guest);
    if (!lost) await endPeer(attempt);
  }
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

async function endPeer(attempt: Attempt): Promise<void> {
  const { peer, launched } = attempt;
  if (peer === undefined || launched === undefined) return;
  await endService(attempt, peer, launched).catch((error: unknown) => {
    attempt.notice(`the service on ${peer.host.id} was not ended cleanly: ${problemOf(error, 'stop').message}`);
  });
}

/** The guest of this attempt: the one still running when the agent was launched before, else a fresh start. */
async function reachGuest(attempt: Attempt): Promise<Guest> {
  const { platform, session, launched } = attempt;
  const spec = guestSpec(attempt);
  const running = launched === undefined ? undefined : await platform.attach(session.host, spec);
  return running ?? platform.start(session.host, spec);
}

async function reachLaunch(attempt: Attempt, guest: Guest): Promise<Launched> {
  const earlier = attempt.launched;
  if (earlier !== undefined) {
    const agent = await reachAgent(attempt, guest);
    const state = await stateOf(guest.executor, agent, earlier.dir);
    if (state === 'dead') {
      const message = 'the agent ended before the trial did: was the guest or host restarted?';
      throw new BenchError({ stage: 'measure', message });
    }
    if (state !== 'absent') {
      attempt.notice(`picking up trial ${attempt.trial.id}, which is ${state}`);
      await asMeasuring(() => advance(attempt, guest, agent, earlier, state));
      return earlier;
    }
  }
  const { launched, agent } = await beginTrial(attempt, guest);
  await asMeasuring(() => advance(attempt, guest, agent, launched, 'preparing'));
  return launched;
}

/**
 * From the launch to the end a guest can only break: what goes wrong then (it died, its host was restarted) says nothing
 * of the system under test, and voids the trial.
 */
async function asMeasuring<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof BenchError) || error.transport || error.problem.stage === 'store') throw error;
    throw new BenchError({ ...error.problem, stage: 'measure' }, { cause: error });
  }
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
  if (state === 'ready') {
    await keepCpuTime(attempt, guest, launched, 'before');
    await release(executor, agent, launched.dir, START_LEAD_MS, patience);
  }
  if (state !== 'done') {
    await awaitDone(executor, agent, launched.dir, patience);
    await keepCpuTime(attempt, guest, launched, 'after');
  }
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
  const output = await run.keep(rawNames(attempt.trial.id, attempt.number, launched.at).output, bytes);
  attempt.artifacts = [output];
  await endPeer(attempt);
  const beside = await keptBeside(attempt, launched);
  const artifacts = [output, ...beside.artifacts];
  attempt.artifacts = artifacts;
  const raw = readStored(attempt, launched, [{ path: output.path, bytes }, ...beside.files]);
  const outcome = judgedOutcome(attempt, judgeTrial(raw, guest.cpus), artifacts);
  const readings = outcome.status === 'collected' ? suite.parse(raw) : [];
  const record = await writeRecord(attempt, started, outcome);
  // Only now that the record is on the disk may the guest's copy go; what cannot be removed costs disk, not data.
  await discard(guest.executor, agent, launched.dir).catch((error: unknown) => {
    attempt.notice(`${launched.dir} was left on ${guest.executor.where}: ${problemOf(error, 'stop').message}`);
  });
  return { record, readings };
}

/** What the guest sent may be anything: when it is no raw file, the trial says so and keeps it. */
function readStored(attempt: Attempt, { installation }: Launched, files: readonly RawFile[]): ReadTrial {
  try {
    return readRawTrial(files, { profile: attempt.run.plan.plan.profile, installation });
  } catch (error) {
    throw new BenchError({ ...problemOf(error, 'fetch'), stage: 'fetch' }, { cause: error });
  }
}
