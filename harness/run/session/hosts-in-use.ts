import { BenchError, describeProblem, problemOf } from '../../errors.js';
import { gatherFacts } from '../../host/facts/index.js';
import { benchmarkOf } from '../../trial/benchmark.js';
import type { OpenRun } from '../../store/index.js';
import type { Finding, HostConfig, HostId, PlannedTrial, Problem, TargetConfig } from '../../types.js';
import { describeReboot, enterBoot, isInAnotherBoot } from './boots.js';
import { controlFacts, setControls } from './controls.js';
import type { RunEvent } from './events.js';
import { misfit, readRoom } from './room.js';
import { openSession, type HostSession } from './session.js';
import type { World } from './world.js';

/** The hosts of one run: each opened at its first trial, and given up when it is lost. */
export interface HostsInUse {
  /** Targets whose guests the journal describes, see `describeTarget`. */
  readonly described: Set<string>;
  /**
   * Undefined when the host cannot be had, or not in the boot that the target names; why was told once. A host that
   * may be rebooted is.
   */
  reach(id: HostId, target?: TargetConfig): Promise<HostSession | undefined>;
  giveUp(id: HostId, error: unknown): Promise<void>;
  /** Whether the guests of a trial fit their host, as it was when it was reached; if not, why was told then. */
  hasRoomFor(trial: PlannedTrial): boolean;
  /** Removes this run's guests, releases the locks, closes the connections, whatever fails on the way. */
  closeAll(): Promise<void>;
}

export interface HostsInUseOptions {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly run: OpenRun;
  readonly breakLock: boolean;
  /** Whether hosts may be rebooted into the boots that targets name. */
  readonly mayReboot: boolean;
  readonly signal: AbortSignal;
  /** Names of guests whose trial may still be picked up, of all hosts or one: they are not reaped. */
  readonly pending: (host?: HostId) => readonly string[];
  readonly tell: (event: RunEvent) => void;
}

export function hostsInUse(world: World, options: HostsInUseOptions): HostsInUse {
  const { run, tell } = options;
  const sessions = new Map<HostId, HostSession | 'lost'>();
  /** Workloads on targets whose guests do not fit. */
  const misfits = new Set<string>();
  /** Targets that need another boot than their host is in, and that was told. */
  const unbooted = new Set<string>();

  const note = async (what: string): Promise<void> => {
    await run.journal({ at: world.now().toISOString(), event: 'deviation', what });
  };

  const giveUp = async (id: HostId, error: unknown): Promise<void> => {
    const problem: Problem = { host: id, ...problemOf(error, 'connect') };
    const session = sessions.get(id);
    sessions.set(id, 'lost');
    if (session !== undefined && session !== 'lost') {
      // Behind a lost connection a trial may still be running: its lock stays until the lease is over.
      const lost = error instanceof BenchError && error.transport;
      if (!lost) await restoreControls(session).catch(() => undefined);
      await (lost ? session.connection.close() : session.close()).catch(() => undefined);
    }
    await note(`host ${id} was given up: ${problem.message}`);
    tell({ kind: 'problem', problem });
  };

  const checkRoom = async ({ host }: HostSession): Promise<void> => {
    const { plan } = run.stored;
    const targets = new Map(plan.targets.filter((target) => target.host === host.id).map((each) => [each.id, each]));
    const planned = new Map(plan.trials.flatMap((trial) => (targets.has(trial.target) ? [[keyOf(trial), trial]] : [])));
    // Guests that an earlier process left at work have their share already, and fitted then.
    if (options.pending(host.id).length > 0 || ![...planned.values()].some(({ workload }) => workload !== undefined))
      return;
    const room = await readRoom(host.executor, host.workDir);
    for (const [key, trial] of planned) {
      const target = targets.get(trial.target);
      const platform = target === undefined ? undefined : world.platforms.get(target.platform);
      if (trial.workload === undefined || target === undefined || platform === undefined) continue;
      const why = misfit(room, trial, { target, platform, suites: world.suites, profile: plan.profile });
      if (why === undefined) continue;
      misfits.add(key);
      const problem: Problem = { stage: 'probe', host: host.id, target: target.id, suite: trial.workload, ...why };
      await note(`${describeProblem(problem)}: none of its trials was begun`);
      tell({ kind: 'problem', problem });
    }
  };

  const pinned = (id: HostId): readonly number[] => {
    const cpus = run.stored.plan.targets.flatMap(({ host, shape }) => (host === id ? shape.cpus : []));
    return [...new Set(cpus)].sort((a, b) => a - b);
  };

  const tellControls = async (id: HostId, findings: readonly Finding[]): Promise<void> => {
    const facts = controlFacts(findings);
    await run.journal({ at: world.now().toISOString(), event: 'facts', of: `controls of host ${id}`, facts });
    for (const { check, expected, found, verdict, hint } of findings) {
      if (verdict !== 'differs') continue;
      const why = hint === undefined ? '' : `; ${hint}`;
      tell({ kind: 'preparing', what: `host ${id}: ${check}: asked ${expected}, is ${found}${why}` });
    }
  };

  const restoreControls = async ({ host, controls }: HostSession): Promise<void> => {
    // A trial that is still to be picked up goes on under them; the journal on the host knows what was.
    if (options.pending(host.id).length > 0) return;
    for (const { check, expected, found, hint } of (await controls?.restore()) ?? []) {
      const problem = { stage: 'stop', host: host.id, message: `not ${check}`, expected, found } as const;
      tell({ kind: 'problem', problem: hint === undefined ? problem : { ...problem, hint } });
    }
  };

  const open = async (id: HostId, target: TargetConfig | undefined): Promise<HostSession> => {
    const config = options.hosts.get(id);
    if (config === undefined) throw new BenchError({ stage: 'config', message: 'the hosts file no longer has it' });
    tell({ kind: 'preparing', what: `host ${id}: connecting, locking, building the agent` });
    const opened = await openSession(world, config, { run: run.id, breakLock: options.breakLock });
    sessions.set(id, opened);
    // First of all: what is looked at and set below is that of the boot that is measured in.
    if (target !== undefined) await enter(opened, target);
    return settle(opened);
  };

  const settle = async (opened: HostSession): Promise<HostSession> => {
    const { id } = opened.host;
    await reapGuests(world, opened, run, options.pending());
    await checkRoom(opened);
    const underWay = options.pending(id).length > 0;
    const controls = await setControls(world, opened.host, { run: run.id, pinned: pinned(id), underWay });
    const session = { ...opened, controls };
    sessions.set(id, session);
    // As they are while it is measured.
    const facts = await gatherFacts(opened.connection, opened.host.workDir);
    await run.journal({ at: world.now().toISOString(), event: 'facts', of: `host ${id}`, facts });
    await tellControls(id, session.controls.findings);
    return session;
  };

  /** Whether the host had to be rebooted into the boot that a target names. */
  const enter = async (session: HostSession, target: TargetConfig): Promise<boolean> => {
    if (target.boot === undefined) return false;
    const booted = await enterBoot(session, target, {
      mayReboot: options.mayReboot,
      signal: options.signal,
      tell: (what) => tell({ kind: 'preparing', what }),
      leave: async () => {
        await reapGuests(world, session, run, options.pending());
        await restoreControls(session);
      },
    });
    if (booted.rebooted) await note(describeReboot(session.host.id, target, booted));
    return booted.rebooted;
  };

  const reachIn = async (id: HostId, target: TargetConfig | undefined): Promise<HostSession> => {
    const known = sessions.get(id);
    if (known === undefined || known === 'lost') return open(id, target);
    const isAnother = target !== undefined && (await enter(known, target));
    // One that was opened for a target that needs another boot has not been settled in this one.
    return isAnother || known.controls === undefined ? settle(known) : known;
  };

  const refuse = (target: TargetConfig, error: BenchError): void => {
    if (unbooted.has(target.id)) return;
    unbooted.add(target.id);
    tell({ kind: 'problem', problem: error.problem });
  };

  return {
    described: new Set(),
    giveUp,
    hasRoomFor: (trial) => !misfits.has(keyOf(trial)),
    async reach(id, target) {
      if (sessions.get(id) === 'lost') return undefined;
      try {
        return await reachIn(id, target);
      } catch (error) {
        // What needs another boot is left out; the rest goes on in this one.
        if (target !== undefined && isInAnotherBoot(error)) refuse(target, error);
        else await giveUp(id, error);
        return undefined;
      }
    },
    async closeAll() {
      for (const [host, session] of sessions) {
        sessions.delete(host);
        if (session === 'lost') continue;
        const closing = [
          () => reapGuests(world, session, run, options.pending()),
          () => restoreControls(session),
          () => session.close(),
        ];
        for (const step of closing) {
          await step().catch((error: unknown) =>
            tell({ kind: 'problem', problem: { host, ...problemOf(error, 'stop') } }),
          );
        }
      }
    },
  };
}

const keyOf = (trial: PlannedTrial): string => `${trial.target} ${benchmarkOf(trial)}`;

/** Removes the guests that this or a crashed `bench` left on a host, but for those named. */
async function reapGuests(world: World, session: HostSession, run: OpenRun, keep: readonly string[]): Promise<void> {
  const here = run.stored.plan.targets.filter(({ host }) => host === session.host.id);
  for (const platform of new Set(here.map((target) => target.platform))) {
    await world.platforms.get(platform)?.reap(session.host, keep);
  }
}
