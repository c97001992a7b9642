import { fileOfKind, trialFileNames, type TrialFile } from '../../trial/file-names.js';
import { BenchError } from '../../errors.js';
import { sharedWithBench } from '../../host/shared-machine.js';
import { readVitals, type Vitals } from '../../host/vitals/read.js';
import { recallVitals, rememberVitals, watchedBetween, type Watched } from '../../host/vitals/watched.js';
import type { Executor } from '../../types.js';
import { guestNumber, type Attempt, type Part, type Running } from './attempt.js';
import type { GatedMachine } from '../gates/gate.js';
import type { Launched } from './unfinished.js';

/** A guest whose agent was launched: the stamp of what is stored is its launch. */
type Watching = Running & { readonly launched: Launched };

/** A machine that is watched, and the names of the files with what was seen. */
interface WatchedMachine {
  readonly executor: Executor;
  readonly cpus: readonly number[];
  readonly before: string;
  readonly after: string;
}

/** The host, and every guest that has a kernel of its own. */
function watchedMachines(attempt: Attempt, all: readonly Watching[]): readonly WatchedMachine[] {
  const [first] = all;
  if (first === undefined) return [];
  const { vitalsBefore, vitals } = namesOf(attempt, first.part, first.launched);
  const { session, target, platform } = attempt;
  const host = { executor: session.connection, cpus: target.shape.cpus, before: vitalsBefore, after: vitals };
  if (platform.boundary !== 'hypervisor') return [host];
  const guests = all.map(({ part, guest, launched }): WatchedMachine => {
    const names = namesOf(attempt, part, launched);
    return { executor: guest.executor, cpus: guest.cpus, before: names.guestVitalsBefore, after: names.guestVitals };
  });
  return [host, ...guests];
}

function namesOf(attempt: Attempt, part: Part, launched: Launched): ReturnType<typeof trialFileNames> {
  return trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, part));
}

/** Just before the start instant is given: nothing is looked at from then on until the end. */
export async function watchBefore(attempt: Attempt, all: readonly Watching[]): Promise<void> {
  for (const { executor, before } of watchedMachines(attempt, all)) {
    const vitals = await look(executor);
    if (vitals !== undefined) await attempt.run.keep(before, Buffer.from(rememberVitals(vitals)));
  }
}

/** Just after the end: stores what happened in between. Where it is not known how it was before, nothing. */
export async function watchAfter(attempt: Attempt, all: readonly Watching[]): Promise<void> {
  for (const { executor, cpus, before, after } of watchedMachines(attempt, all)) {
    const remembered = await attempt.run.kept(before);
    const vitals = remembered === undefined ? undefined : await look(executor);
    if (remembered === undefined || vitals === undefined) continue;
    const watched = watchedBetween(recallVitals(remembered.bytes.toString()), vitals, cpus);
    await attempt.run.keep(after, Buffer.from(`${JSON.stringify(watched)}\n`));
  }
}

/** Undefined where it takes too long or cannot be done: gates then are unavailable, and the trial goes on. */
async function look(executor: Executor): Promise<Vitals | undefined> {
  return readVitals(executor).catch((error: unknown) => {
    if (error instanceof BenchError && !error.transport) return undefined;
    throw error;
  });
}

/** What was seen, among the stored files of one guest: of the `host`, or of the `guest` where that has its own kernel. */
export function watchedIn(files: readonly TrialFile[], where: 'host' | 'guest'): Watched | undefined {
  const file = fileOfKind(files, where === 'host' ? 'vitals' : 'guestVitals');
  return file === undefined ? undefined : (JSON.parse(new TextDecoder().decode(file.bytes)) as Watched);
}

/** The machine of an attempt as gates see it; `drift` is what its controls read otherwise, where some are in force. */
export function gatedMachine(
  attempt: Attempt,
  watched: Watched | undefined,
  drift: GatedMachine['drift'],
): GatedMachine {
  const { platform, target, parts, session, peer } = attempt;
  return {
    boundary: platform.boundary,
    cpus: target.shape.cpus,
    rationed: parts.length > 1 || parts.some(({ spec }) => spec.target.shape.cpuCap !== undefined),
    shared: sharedWithBench(session.host.config) !== 'nothing',
    servesItself: peer !== undefined && peer.host.id === session.host.id,
    watched,
    ...(drift === undefined ? {} : { drift }),
  };
}
