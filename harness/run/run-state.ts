import { checkResumable, createRun, loadPlan, loadRun, reopenRun, type OpenRun } from '../store/index.js';
import type { HostConfig, HostId, Plan, PlannedTrial, RunId } from '../types.js';
import { makePace, type Pace } from './plan/pace.js';
import { watchOutcomes, type Outcomes } from './tally.js';
import { bootsMade } from './session/boots.js';
import type { RunEvent } from './session/events.js';
import { hostsInUse, type HostsInUse } from './session/hosts-in-use.js';
import type { World } from './session/world.js';
import { seeStored, watchPrecision, type Precision, type RelativeWidth } from './trial/precision.js';
import { guestsLeft, unfinished, type Unfinished } from './trial/unfinished.js';

export interface ExecuteOptions {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly plan: Plan;
  readonly runsDir: string;
  /** Resumes this run instead of creating one; its stored plan replaces `plan`. */
  readonly resume?: RunId;
  readonly breakLock?: boolean;
  /** Relative width of the interval of some values, for plans with `precision`. */
  readonly ciWidthOf?: RelativeWidth;
  /** How long a trial may wait for its host to be quiet. Default 0: it is not checked. */
  readonly quietWaitSeconds?: (host: HostConfig) => number;
  /** Whether hosts may be rebooted into the boots that targets name. */
  readonly mayReboot?: boolean;
  /**
   * Called, and waited for, when a trial has ended and others follow; `blockEnded`: the next one is of another block of the
   * plan. Nothing is measured meanwhile, and the wait for a quiet host comes after it. It must not reject.
   */
  readonly betweenTrials?: (run: RunId, at: { readonly blockEnded: boolean }) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A run that is being executed. */
export interface RunState {
  readonly world: World;
  readonly options: ExecuteOptions;
  readonly run: OpenRun;
  readonly left: Unfinished;
  readonly hosts: HostsInUse;
  readonly pace: Pace;
  readonly precision: Precision;
  /** Degrees Celsius of each host's hottest sensor at its first trial. */
  readonly temperatures: Map<HostId, number>;
  readonly notify: (event: RunEvent) => void;
  readonly outcomes: Outcomes;
}

/** Creates or resumes the run, without using any host yet. Throws as the store does. */
export async function openRunState(
  world: World,
  options: ExecuteOptions,
  notify: (event: RunEvent) => void,
): Promise<RunState> {
  const { resume } = options;
  const stored = resume === undefined ? await create(world, options) : await reopen(world, options, resume, notify);
  const { run, left } = stored;
  const hosts = hostsInUse({
    world,
    run,
    hosts: options.hosts,
    breakLock: options.breakLock ?? false,
    resumes: resume !== undefined,
    mayReboot: options.mayReboot ?? false,
    bootsMade: stored.bootsMade,
    signal: options.signal,
    pending: (host) => guestsLeft(run.stored.plan, left.launched, host),
    pendingAttempts: () => [...left.launched].map(([trial, { attempt }]) => `${trial}.${attempt}`),
    notify,
  });
  const pace = makePace(run.stored.plan, world.suites, world.workloads, ({ target: id }) => {
    const host = options.hosts.get(run.stored.plan.targets.find((target) => target.id === id)?.host ?? '');
    return host === undefined ? 0 : (options.quietWaitSeconds?.(host) ?? 0);
  });
  return { ...stored, world, options, hosts, pace, temperatures: new Map(), notify };
}

type Stored = Pick<RunState, 'run' | 'left' | 'precision' | 'outcomes'> & { readonly bootsMade: Map<string, string> };

async function create(world: World, { runsDir, plan, ciWidthOf }: ExecuteOptions): Promise<Stored> {
  const now = world.now();
  const run = await createRun(runsDir, plan, now);
  await run.journal({ at: now.toISOString(), by: world.operator.who, event: 'opened' });
  const left: Unfinished = { todo: plan.trials, launched: new Map(), voids: new Map() };
  const precision = watchPrecision(plan.precision, ciWidthOf);
  return { run, left, precision, outcomes: watchOutcomes(), bootsMade: new Map() };
}

async function reopen(
  world: World,
  { runsDir, ciWidthOf, breakLock = false }: ExecuteOptions,
  resume: RunId,
  notify: RunState['notify'],
): Promise<Stored> {
  const plan = await loadPlan(runsDir, resume);
  checkResumable({ id: resume, stored: plan, damage: [] });
  const run = await reopenRun(runsDir, plan, { breakLock });
  try {
    // Only now that the run is claimed: until then another process may have recorded trials.
    const loaded = await loadRun(runsDir, resume);
    const { stored, records, journal } = loaded;
    await run.journal({ at: world.now().toISOString(), by: world.operator.who, event: 'resumed' });
    const precision = watchPrecision(stored.plan.precision, ciWidthOf);
    if (stored.plan.precision !== undefined) {
      for (const what of seeStored(precision, loaded, world)) notify({ kind: 'preparing', what });
    }
    const left = unfinished(stored.plan, records, journal);
    return { run, left, precision, outcomes: watchOutcomes(records), bootsMade: bootsMade(journal) };
  } catch (error) {
    await run.close();
    throw error;
  }
}

/** Writes into the journal how a trial deviates from the plan. */
export async function journalTrial({ world, run }: RunState, trial: PlannedTrial, what: string): Promise<void> {
  await run.journal({ at: world.now().toISOString(), event: 'deviation', trial: trial.id, what });
}
