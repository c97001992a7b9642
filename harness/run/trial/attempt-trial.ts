import { posix } from 'node:path';
import { discard, fetchRaw } from '../../agent/client.js';
import { BenchError, problemOf } from '../../errors.js';
import { bootState } from '../../host/boot.js';
import { trialFileNames, type TrialFile } from '../../trial/file-names.js';
import { readGuest } from '../../trial/guest-trial.js';
import { readTrial } from '../../trial/read-trial.js';
import type { Finding, Guest, TrialRecord, Workload } from '../../types.js';
import { endAgent, measureGuests, patienceOf, stageOf, statesOf } from './advance.js';
import { allSettled } from './all-settled.js';
import { guestNumber, reachAgent, type Attempt, type Attempted, type GuestTask, type Running } from './attempt.js';
import type { Ready } from './barrier.js';
import { otherFiles } from './cpu-time.js';
import { judgeAttempt, type EndedGuest } from './judge-attempt.js';
import { limitsChanged } from './limits-after.js';
import { lossOfLock } from './lock-loss.js';
import { endService } from './peer.js';
import { brokenOutcome, judgedOutcome, voidOutcome, writeRecord } from './record.js';
import { gatedMachine, watchedIn } from './watch.js';

/**
 * One attempt at one trial: guests up, shapes verified, suites installed, agents launched, started at one instant,
 * waited for, raw output fetched and stored, record written. What goes wrong becomes a record of status `failed` or
 * `void`. Rejects only when the host is lost for longer than can be waited for (`transport`), or the run is interrupted;
 * the attempt then stays without a record and is picked up by a later process.
 */
export async function attemptTrial(attempt: Attempt): Promise<Attempted> {
  const started = attempt.tasks[0].launched?.at ?? attempt.world.now().toISOString();
  const running: Running[] = [];
  let fate: Fate = 'whole';
  try {
    const boot = await bootState(attempt.session.host.executor);
    if (boot !== undefined) attempt.boot = boot.bootId;
    attempt.stage({ stage: 'starting the guest' });
    await reachGuests(attempt, running);
    return await finish(attempt, running, await measureGuests(attempt, running), started);
  } catch (error) {
    fate = fateOf(error);
    // Before the record: once it is on the disk the next attempt may start.
    if (fate !== 'lost') await endAgents(attempt, running, fate);
    // What cannot be stored cannot be recorded either, and may be half written: the run ends, and can be resumed.
    if (attempt.signal.aborted || fate === 'lost' || fate === 'unstored') throw error;
    const lost = await lossOfLock(attempt).catch(() => undefined);
    const outcome = lost === undefined ? brokenOutcome(attempt, error) : voidOutcome(attempt, lost);
    // What the service printed is part of the record.
    await endPeers(attempt);
    const record = await writeRecord(attempt, started, outcome);
    // Guests of other platforms go, and what is in them.
    if (attempt.platform.boundary === 'none') await discardCopies(attempt, running);
    return readAttempted(attempt, record, []);
  } finally {
    // Guests behind a lost connection go on measuring, and are picked up when the connection is back.
    if (fate !== 'lost') {
      await allSettled(running, ({ guest }) => stopGuest(attempt, guest));
      await endPeers(attempt);
    }
  }
}

/** `unstored`: the disk of this machine takes no more. `lost`: the connection to a guest. */
type Fate = 'whole' | 'broken' | 'unstored' | 'lost';

function fateOf(error: unknown): Fate {
  if (!(error instanceof BenchError)) return 'broken';
  if (error.transport) return 'lost';
  return error.problem.stage === 'store' ? 'unstored' : 'broken';
}

/**
 * Ends the agents of an attempt that was interrupted or broke, and with them the workload: it would disturb the next
 * one. Results that could not be stored stay in the guests once all agents have ended, for the process that resumes.
 */
async function endAgents(attempt: Attempt, running: readonly Running[], fate: Fate): Promise<void> {
  if (fate === 'unstored' && (await areDone(attempt, running))) return;
  await allSettled(running, async (one) => {
    await endAgent(attempt, one).catch((error: unknown) => {
      attempt.notice(`what ran in ${one.guest.name} was not ended cleanly: ${problemOf(error, 'stop').message}`);
    });
  });
}

async function areDone(attempt: Attempt, running: readonly Running[]): Promise<boolean> {
  const states = await statesOf(attempt, running).catch(() => []);
  return states.length === attempt.tasks.length && stageOf(states) === 'done';
}

async function stopGuest(attempt: Attempt, guest: Guest): Promise<void> {
  await guest.stop().catch((error: unknown) => {
    attempt.notice(`guest ${guest.name} was not stopped cleanly: ${problemOf(error, 'stop').message}`);
  });
}

async function endPeers(attempt: Attempt): Promise<void> {
  const { peer, tasks } = attempt;
  if (peer === undefined) return;
  for (const task of tasks) {
    if (task.launched === undefined) continue;
    await endService(attempt, task, peer, task.launched).catch((error: unknown) => {
      attempt.notice(`the service on ${peer.host.id} was not ended cleanly: ${problemOf(error, 'stop').message}`);
    });
  }
}

/** All guests of the attempt, in parallel. Those that are up are in `running` also when others could not be started. */
async function reachGuests(attempt: Attempt, running: Running[]): Promise<void> {
  const { tasks } = attempt;
  const reached = await Promise.allSettled(tasks.map((task) => reachGuest(attempt, task)));
  const failed: { readonly task: GuestTask; readonly error: unknown }[] = [];
  for (const [index, task] of tasks.entries()) {
    const each = reached[index];
    if (each?.status === 'fulfilled') running.push({ task, guest: each.value });
    else failed.push({ task, error: each?.reason });
  }
  const [first] = failed;
  if (first === undefined) return;
  if (!(first.error instanceof BenchError && first.error.transport)) {
    for (const { task } of failed) await endHalfStarted(attempt, task);
  }
  throw first.error;
}

/** The guest of this attempt: the one still running when the agent was launched before, else a fresh start. */
async function reachGuest({ platform, session }: Attempt, { spec, launched }: GuestTask): Promise<Guest> {
  const running = launched === undefined ? undefined : await platform.attach(session.host, spec);
  return running ?? platform.start(session.host, spec);
}

/** A guest whose start failed may run all the same, and would disturb the next trial. */
async function endHalfStarted(attempt: Attempt, { spec }: GuestTask): Promise<void> {
  const there = await attempt.platform.attach(attempt.session.host, spec).catch(() => undefined);
  if (there !== undefined) await stopGuest(attempt, there);
}

async function finish(
  attempt: Attempt,
  all: readonly Running[],
  ended: readonly Ready[],
  started: string,
): Promise<Attempted> {
  // When a guest could not be prepared, the others wait for a start that does not come.
  for (const one of all.filter(({ task }) => !ended.some((other) => other.task === task))) {
    await endAgent(attempt, one);
  }
  attempt.stage({ stage: 'collecting the output' });
  const outputs: TrialFile[] = [];
  for (const one of ended) outputs.push(await keepOutput(attempt, one));
  await endPeers(attempt);
  const guests: EndedGuest[] = [];
  for (const [index, one] of ended.entries()) {
    guests.push(await readEnded(attempt, one, outputs.slice(index, index + 1)));
  }
  const files = guests.flatMap((guest) => guest.files);
  const drift = await driftOf(attempt);
  const judged = judgeAttempt(attempt, guests, gatedMachine(attempt, watchedIn(files, 'host'), drift));
  const changed = judged.verdict.status === 'collected' ? await limitsChanged(ended) : undefined;
  const spoiled = (await lossOfLock(attempt)) ?? changed;
  const outcome = spoiled === undefined ? judgedOutcome(attempt, judged.verdict) : voidOutcome(attempt, spoiled);
  const record = await writeRecord(attempt, started, outcome, judged);
  await discardCopies(attempt, ended);
  return readAttempted(attempt, record, [...files, ...(await otherFilesOf(attempt, record, files))]);
}

/**
 * Removes what the attempt left in its guests: on native hosts it would stay there. To call once the record is on the disk; what
 * cannot be removed costs disk, not data.
 */
async function discardCopies(attempt: Attempt, all: readonly Running[]): Promise<void> {
  for (const { task, guest } of all) {
    const { agentPath, launched } = task;
    if (agentPath === undefined || launched === undefined) continue;
    await discard(guest.executor, agentPath, launched.dir).catch((error: unknown) => {
      attempt.notice(`${launched.dir} was left on ${guest.executor.where}: ${problemOf(error, 'stop').message}`);
    });
  }
}

/** The files of a record that were not read yet: readings from before the start, and what earlier launches stored. */
async function otherFilesOf(
  { run }: Attempt,
  { outcome }: TrialRecord,
  read: readonly TrialFile[],
): Promise<readonly TrialFile[]> {
  const files: TrialFile[] = [];
  for (const { path } of outcome.status === 'skipped' ? [] : outcome.artifacts) {
    if (read.some((file) => file.path === path)) continue;
    const kept = await run.kept(posix.basename(path));
    if (kept !== undefined) files.push({ path, bytes: kept.bytes });
  }
  return files;
}

/** The attempt with what its record and files yield: what a report will read from them. Pure. */
export function readAttempted(
  {
    workload,
    tasks,
  }: { readonly workload?: Workload; readonly tasks: readonly [Pick<GuestTask, 'suite'>, ...unknown[]] },
  record: TrialRecord,
  files: readonly TrialFile[],
): Attempted {
  const bytes = new Map(files.map((file) => [file.path, file.bytes]));
  return { record, reading: readTrial(record, bytes, { benchmark: workload ?? tasks[0].suite }) };
}

/** Controls that changed on the host and its peer; undefined where no controls are in force. */
async function driftOf({ session, peer }: Attempt): Promise<readonly Finding[] | undefined> {
  const found = await session.controls?.drift();
  if (peer?.controls === undefined || peer.host.id === session.host.id) return found;
  const there = (await peer.controls.drift()).map((each) => ({ ...each, check: `${each.check} of ${peer.host.id}` }));
  return [...(found ?? []), ...there];
}

async function keepOutput(attempt: Attempt, one: Ready): Promise<TrialFile> {
  const { task, guest, launched } = one;
  const agent = await reachAgent(attempt, one);
  const bytes = await fetchRaw(guest.executor, agent, launched.dir, patienceOf(attempt)).catch((error: unknown) => {
    throw diedBeforeFetch(error);
  });
  const names = trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task));
  const artifact = await attempt.run.keep(names.output, bytes);
  task.artifacts = [artifact];
  return { path: artifact.path, bytes };
}

/** A guest that died is no property of the system under test, even after it has measured: the trial is void. */
function diedBeforeFetch(error: unknown): unknown {
  if (!(error instanceof BenchError) || error.transport || error.problem.stage !== 'connect') return error;
  return new BenchError({ ...error.problem, stage: 'measure' }, { cause: error });
}

/** What the guest sent may be anything: when it is no raw file, the attempt fails with the reason, and keeps the file. */
async function readEnded(attempt: Attempt, one: Ready, output: readonly TrialFile[]): Promise<EndedGuest> {
  const { task, guest, launched } = one;
  const others = await otherFiles(attempt, task, launched);
  task.artifacts = [...(task.artifacts ?? []), ...others.artifacts];
  const files = [...output, ...others.files];
  const { assignment, clock } = task;
  const context = { assignment, clock, installation: launched.installation };
  try {
    const reading = readGuest(context, files, attempt.run.stored.plan.profile);
    return { task, reading, cpus: guest.cpus, files };
  } catch (error) {
    throw new BenchError({ ...problemOf(error, 'fetch'), stage: 'fetch' }, { cause: error });
  }
}
