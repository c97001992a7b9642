import type { TrialFile } from '../../trial/file-names.js';
import type { GuestReading } from '../../trial/guest-trial.js';
import { earliest, latest, simultaneityOf, toCommonNs } from '../../trial/simultaneity.js';
import type { GateReading, GuestTrial, Plan, Simultaneity } from '../../types.js';
import type { Attempt, GuestTask } from './attempt.js';
import { readGates, voidedBy, type GateView } from '../gates/index.js';
import type { GatedMachine } from '../gates/gate.js';
import { judgeTrial, type Verdict } from './judge-trial.js';
import { watchedIn } from './watch.js';

/** A guest with a result. */
export interface EndedGuest {
  readonly task: GuestTask;
  readonly reading: GuestReading;
  /** CPUs that it was pinned to, as numbered inside. */
  readonly cpus: readonly number[];
  /** All stored files of it. */
  readonly files: readonly TrialFile[];
}

/** The verdict on an attempt, with the readings behind it. */
export interface Judged {
  readonly verdict: Verdict;
  readonly simultaneity?: Simultaneity;
  readonly gates?: readonly GateReading[];
}

type Judging = Pick<Attempt, 'workload' | 'tasks' | 'target'> & {
  readonly run: { readonly stored: { readonly plan: Pick<Plan, 'gates'> } };
};

/**
 * The verdict on an attempt. Every guest is judged as a trial of its own: one that failed fails the attempt, one that is
 * void voids it, and so does a gate. `ended` has every guest, or only those that could not be prepared. Pure.
 */
export function judgeAttempt(attempt: Judging, ended: readonly EndedGuest[], machine: GatedMachine): Judged {
  const { workload, tasks, target } = attempt;
  const guests = ended.map(({ reading: { assignment, raw }, cpus, files }) => {
    const watched = watchedIn(files, 'guest');
    return { assignment, raw, cpus, ...(watched === undefined ? {} : { watched }) };
  });
  const thresholds = attempt.run.stored.plan.gates;
  const bad = worst(ended.map((one) => labelled(one, judgeTrial(one.reading.raw, one.cpus), workload !== undefined)));
  if (workload === undefined) {
    const measured = guests.every(({ raw }) => raw.agent.startedNs !== '0');
    const gates = measured ? readGates({ guests, machine }, thresholds) : [];
    return { verdict: bad ?? gated(gates), ...(gates.length === 0 ? {} : { gates }) };
  }
  const trials = ended.map(({ reading }) => reading);
  const measured = trials.length === tasks.length && trials.every(({ timing }) => timing.startedNs !== '0');
  if (!measured) {
    const reason = 'not every guest measured';
    return { verdict: bad ?? { status: 'void', reason } };
  }
  const timed = trials.map(({ timing, clock, assignment: { role } }) => ({
    timing,
    clock,
    ...(role === undefined ? {} : { role }),
  }));
  const simultaneity = simultaneityOf(timed);
  const crowded = tasks.length > target.shape.cpus.length;
  const view: GateView = { guests, machine, together: { workload, simultaneity, crowded } };
  const gates = readGates(view, thresholds);
  const absent = absentLoad(trials);
  const lacking: Verdict | undefined = absent === undefined ? undefined : { status: 'void', reason: absent };
  return { verdict: bad ?? lacking ?? gated(gates), simultaneity, gates };
}

function gated(readings: readonly GateReading[]): Verdict {
  const reason = voidedBy(readings);
  return reason === undefined ? { status: 'collected' } : { status: 'void', reason };
}

function labelled({ task }: EndedGuest, verdict: Verdict, ofSeveral: boolean): Verdict {
  if (!ofSeveral) return verdict;
  const who = `guest ${task.assignment.guest} (${task.suite.id})`;
  if (verdict.status === 'failed') return { ...verdict, message: `${who}: ${verdict.message}` };
  if (verdict.status === 'void') return { ...verdict, reason: `${who}: ${verdict.reason}` };
  return verdict;
}

function worst(verdicts: readonly Verdict[]): Verdict | undefined {
  return verdicts.find(({ status }) => status === 'failed') ?? verdicts.find(({ status }) => status === 'void');
}

/**
 * Why a load did not run for the whole time; undefined when it did: it must measure from before the first start of the
 * other guests until after their last end, within the error of the clocks. Pure.
 */
export function absentLoad(guests: readonly Pick<GuestTrial, 'assignment' | 'timing' | 'clock'>[]): string | undefined {
  const others = guests.filter(({ assignment }) => assignment.role !== 'load');
  const common = ({ clock }: (typeof guests)[number], instantNs: string): bigint => toCommonNs(instantNs, clock);
  const bounds = others.map(({ clock }) => clock.boundNs);
  const first = earliest(others.map((guest) => common(guest, guest.timing.startedNs)));
  const last = latest(others.map((guest) => common(guest, guest.timing.endedNs)));
  for (const guest of guests) {
    const { assignment, timing } = guest;
    if (assignment.role !== 'load') continue;
    const tolerated = BigInt(Math.ceil(guest.clock.boundNs + Math.max(...bounds)));
    const late = common(guest, timing.startedNs) - first - tolerated;
    const early = last - common(guest, timing.endedNs) - tolerated;
    const who = `guest ${assignment.guest} (${assignment.suite})`;
    if (late > 0n) return `${who}, the load, began ${inMs(late)} ms after the first guest that it should disturb`;
    if (early > 0n) return `${who}, the load, ended ${inMs(early)} ms before the last guest that it should disturb`;
  }
  return undefined;
}

const inMs = (ns: bigint): string => (Number(ns) / 1e6).toFixed(1);
