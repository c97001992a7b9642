import { installAgentIn } from './install.js';
import type { OpenRun } from '../../store/index.js';
import type {
  Artifact,
  Assignment,
  ClockOffset,
  Finding,
  Guest,
  GuestSpec,
  PlannedTrial,
  Platform,
  Suite,
  TargetConfig,
  TrialRecord,
  Workload,
} from '../../types.js';
import type { TrialReading } from '../../trial/read-trial.js';
import type { TrialStage } from '../session/events.js';
import type { Described } from '../session/described.js';
import type { HostSession } from '../session/session.js';
import type { Launched } from './unfinished.js';
import type { World } from '../session/world.js';

/** Everything that one attempt at one trial needs. */
export interface Attempt {
  readonly world: World;
  readonly run: OpenRun;
  readonly session: HostSession;
  /** The host at the other end, for suites that need one. */
  readonly peer?: HostSession;
  readonly platform: Platform;
  readonly target: TargetConfig;
  /** Absent where the trial is one suite in one guest. */
  readonly workload?: Workload;
  /** One for each guest, in the order of their numbers. */
  readonly tasks: readonly [GuestTask, ...GuestTask[]];
  readonly trial: PlannedTrial;
  readonly number: number;
  readonly signal: AbortSignal;
  /** Findings on the host from before the attempt, for the record. */
  beforehand?: readonly Finding[];
  /** The boot of the host, once it was read. */
  boot?: string;
  /** How long it waited for a quiet host. */
  waitedSeconds?: number;
  notice(what: string): void;
  /** Reports what the attempt does now, for display. */
  readonly stage: (at: { readonly stage: TrialStage; readonly detail?: string }) => void;
  /** What the journal describes already. */
  readonly described?: Described;
}

/** What one guest of an attempt runs. Mutable members record its progress. */
export interface GuestTask {
  readonly assignment: Assignment;
  readonly suite: Suite;
  /** Its target has the limits that the workload gives this guest. */
  readonly spec: GuestSpec;
  /** Suffix of names of files and directories: empty in a trial of one suite, else `.g0`, ... */
  readonly suffix: string;
  /**
   * Where its agent waits for the start: `anywhere` when no other guest of the trial uses its CPUs; else the index of a CPU
   * for itself, or `among others` when there are too few CPUs.
   */
  readonly waits: number | 'anywhere' | 'among others';
  /** Set when its agent was started, by this process or an earlier one. */
  launched?: Launched | undefined;
  /** The agent inside the guest, once it is there. */
  agentPath?: string;
  /** Its stored files so far: a record lists them even when they cannot be read. */
  artifacts?: readonly Artifact[];
  /** The offset of its clock, where it has its own: measured before the start and after the end. */
  clock?: ClockOffset;
}

/** A task whose guest is up. */
export interface Running {
  readonly task: GuestTask;
  readonly guest: Guest;
}

/** The record of an attempt and its readings. */
export interface Attempted {
  readonly record: TrialRecord;
  readonly reading: TrialReading;
}

/** The id of what a trial measures, in events, records and messages: the workload, or the one suite. */
export function subjectOf({ workload, tasks }: Pick<Attempt, 'workload' | 'tasks'>): string {
  return workload?.id ?? tasks[0].suite.id;
}

/** The number that raw files of this guest carry: none where the trial is one suite in one guest. */
export function guestNumber({ workload }: Attempt, { assignment }: GuestTask): number | undefined {
  return workload === undefined ? undefined : assignment.guest;
}

/** What the guests of an attempt at a trial run; undefined when the trial names an unknown suite. Pure. */
export function makeTasks(
  suites: ReadonlyMap<string, Suite>,
  run: Pick<OpenRun, 'id'>,
  target: TargetConfig,
  trial: PlannedTrial,
): [GuestTask, ...GuestTask[]] | undefined {
  const tasks: GuestTask[] = [];
  for (const assignment of trial.assignments) {
    const suite = suites.get(assignment.suite);
    if (suite === undefined) return undefined;
    const shape = { ...target.shape, ...assignment.limits };
    tasks.push({
      assignment,
      suite,
      spec: { name: guestName(run.id, target.id, assignment.guest), target: { ...target, shape } },
      suffix: trial.workload === undefined ? '' : `.g${assignment.guest}`,
      waits: waitsOn(tasks.length, trial.assignments.length, shape.cpus.length),
    });
  }
  const [first, ...rest] = tasks;
  return first === undefined ? undefined : [first, ...rest];
}

/** Guests of one target are all pinned to the CPUs of its shape. */
function waitsOn(index: number, guests: number, cpus: number): GuestTask['waits'] {
  if (guests === 1) return 'anywhere';
  return guests <= cpus ? index : 'among others';
}

/** `bench-<run>-<target>-<n>`, see `GuestSpec`. */
function guestName(run: string, target: string, guest: number): string {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const tail = `-${guest}`;
  return `bench-${plain(run).slice(-6)}-${plain(target)}`.slice(0, 60 - tail.length) + tail;
}

/** Path of the agent inside the guest, which is copied there if necessary. */
export async function reachAgent(attempt: Attempt, { task, guest }: Running): Promise<string> {
  task.agentPath ??= await installAgentIn(attempt.session, guest);
  return task.agentPath;
}
