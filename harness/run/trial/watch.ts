import { fileOfKind, trialFileNames, type TrialFile } from '../../trial/file-names.js';
import { BenchError } from '../../errors.js';
import { sharedWithBench } from '../../host/shared-machine.js';
import { readVitals, type Vitals } from '../../host/vitals/read.js';
import { recallVitals, rememberVitals, watchedBetween, type Watched } from '../../host/vitals/watched.js';
import type { Executor } from '../../types.js';
import { guestNumber, type Attempt, type GuestTask, type Running } from './attempt.js';
import type { GatedMachine } from '../gates/gate.js';
import type { Launched } from './unfinished.js';

/** A guest whose agent was launched; the instant of the launch is part of the names of its files. */
type Watching = Running & { readonly launched: Launched };

/** A machine whose kernel is read, and the names of the files with the readings. */
interface WatchedMachine {
  readonly executor: Executor;
  readonly cpus: readonly number[];
  readonly before: string;
  readonly after: string;
}

/** The host, and every guest with its own kernel. */
function watchedMachines(attempt: Attempt, all: readonly Watching[]): readonly WatchedMachine[] {
  const [first] = all;
  if (first === undefined) return [];
  const { vitalsBefore, vitals } = namesOf(attempt, first.task, first.launched);
  const { session, target, platform } = attempt;
  const host = { executor: session.connection, cpus: target.shape.cpus, before: vitalsBefore, after: vitals };
  if (platform.boundary !== 'hypervisor') return [host];
  const guests = all.map(({ task, guest, launched }): WatchedMachine => {
    const names = namesOf(attempt, task, launched);
    return { executor: guest.executor, cpus: guest.cpus, before: names.guestVitalsBefore, after: names.guestVitals };
  });
  return [host, ...guests];
}

function namesOf(attempt: Attempt, task: GuestTask, launched: Launched): ReturnType<typeof trialFileNames> {
  return trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task));
}

/** Reads and stores the counters just before the start instant is sent; nothing is read from then on until the end. */
export async function watchBefore(attempt: Attempt, all: readonly Watching[]): Promise<void> {
  for (const { executor, before } of watchedMachines(attempt, all)) {
    const vitals = await tryVitals(executor);
    if (vitals !== undefined) await attempt.run.keep(before, Buffer.from(rememberVitals(vitals)));
  }
}

/** Stores the changes of the counters just after the end, where the readings from before exist. */
export async function watchAfter(attempt: Attempt, all: readonly Watching[]): Promise<void> {
  const own = { run: attempt.run.id, trial: `${attempt.trial.id}.${attempt.number}` };
  for (const { executor, cpus, before, after } of watchedMachines(attempt, all)) {
    const remembered = await attempt.run.kept(before);
    const vitals = remembered === undefined ? undefined : await tryVitals(executor);
    if (remembered === undefined || vitals === undefined) continue;
    const watched = watchedBetween(recallVitals(remembered.bytes.toString()), vitals, cpus, own);
    await attempt.run.keep(after, Buffer.from(`${JSON.stringify(watched)}\n`));
  }
}

/** Undefined where reading fails or takes too long: gates then are unavailable, and the trial goes on. */
async function tryVitals(executor: Executor): Promise<Vitals | undefined> {
  return readVitals(executor).catch((error: unknown) => {
    if (error instanceof BenchError && !error.transport) return undefined;
    throw error;
  });
}

/** The stored changes among the files of one guest: of the `host`, or of the `guest` where it has its own kernel. */
export function watchedIn(files: readonly TrialFile[], where: 'host' | 'guest'): Watched | undefined {
  const file = fileOfKind(files, where === 'host' ? 'vitals' : 'guestVitals');
  return file === undefined ? undefined : (JSON.parse(new TextDecoder().decode(file.bytes)) as Watched);
}

/** The machine of an attempt as gates see it. `drift`: its controls that have changed, where some are in force. */
export function gatedMachine(
  attempt: Attempt,
  watched: Watched | undefined,
  drift: GatedMachine['drift'],
): GatedMachine {
  const { platform, target, tasks, session, peer } = attempt;
  return {
    boundary: platform.boundary,
    cpus: target.shape.cpus,
    rationed: tasks.length > 1 || tasks.some(({ spec }) => spec.target.shape.cpuCap !== undefined),
    shared: sharedWithBench(session.host.config) !== 'nothing',
    servesItself: peer !== undefined && peer.host.id === session.host.id,
    watched,
    ...(drift === undefined ? {} : { drift }),
  };
}
