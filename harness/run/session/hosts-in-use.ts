import { BenchError, describeProblem, problemOf } from '../../errors.js';
import { keepOff } from '../../host/affinity.js';
import type { Host, HostId, PlannedTrial, Problem, TargetConfig } from '../../types.js';
import { bootKey, describeReboot, enterBoot, enterPlannedBoot, isInAnotherBoot, type BootChange } from './boots.js';
import type { Described } from './described.js';
import { journalDeviation, type HostContext } from './host-context.js';
import { applySettings, describeHost, restoreSettings } from './host-settings.js';
import { leaveHost, removeGuests } from './leave-host.js';
import { findMisfits, misfitKey } from './room.js';
import { openSession, type HostSession } from './session.js';

/** The hosts of one run: each is opened at its first trial, and given up when it is lost. */
export interface HostsInUse {
  /** What the journal describes, see `describeInBoot`. */
  readonly described: Described;
  /**
   * Undefined when the host cannot be used, or is not in the boot that the target names, or that of this ordinal in the
   * plan, and may not be rebooted. The reason is reported once.
   */
  reach(id: HostId, target?: TargetConfig, ordinal?: number): Promise<HostSession | undefined>;
  giveUp(id: HostId, error: unknown): Promise<void>;
  /** Whether the guests of a trial fit their host, as it was when it was reached. If not, the reason was reported then. */
  hasRoomFor(trial: PlannedTrial): boolean;
  /** Leaves every host, see `leaveHost`. */
  closeAll(): Promise<void>;
}

export function hostsInUse(context: HostContext): HostsInUse {
  const { notify } = context;
  const sessions = new Map<HostId, HostSession | 'lost'>();
  const misfits = trackMisfits(context);
  const described: Described = new Set();
  const refusals = trackRefusals(context);

  const open = async (id: HostId, wanted: WantedBoot | undefined): Promise<HostSession> => {
    const opened = await openHost(context, id);
    sessions.set(id, opened);
    // The boot first: what is read and set afterwards must be that of the boot that is measured.
    if (wanted !== undefined) await enterWantedBoot(context, opened, wanted);
    return settle(opened);
  };

  /** Makes an open host ready for trials: earlier guests removed, room checked, controls set, facts in the journal. */
  const settle = async (opened: HostSession): Promise<HostSession> => {
    notify({ kind: 'step', what: `host ${opened.host.id}: removing old guests, setting controls, reading facts` });
    await removeGuests(context, opened);
    await misfits.check(opened.host);
    const session = { ...opened, controls: await applySettings(context, opened) };
    // Stored before anything else can fail: `giveUp` restores the settings.
    sessions.set(opened.host.id, session);
    await describeHost(context, session, described);
    return session;
  };

  const reach = async (id: HostId, wanted: WantedBoot | undefined): Promise<HostSession> => {
    const known = sessions.get(id);
    if (known === undefined || known === 'lost') return open(id, wanted);
    const rebooted = wanted !== undefined && (await enterWantedBoot(context, known, wanted));
    // A host that was opened for a target in another boot has no controls yet.
    return rebooted || known.controls === undefined ? settle(known) : known;
  };

  const giveUp = async (id: HostId, error: unknown): Promise<void> => {
    const problem: Problem = { host: id, ...problemOf(error, 'connect') };
    const session = sessions.get(id);
    sessions.set(id, 'lost');
    if (session !== undefined && session !== 'lost') await abandon(context, session, error);
    await journalDeviation(context, `host ${id} was given up: ${problem.message}`);
    notify({ kind: 'problem', problem });
  };

  return {
    described,
    giveUp,
    hasRoomFor: (trial) => !misfits.has(trial),
    async reach(id, target, ordinal) {
      if (sessions.get(id) === 'lost') return undefined;
      try {
        return await reach(id, target && { target, ordinal });
      } catch (error) {
        // Only targets of another boot are skipped; the host is used for the others.
        if (target !== undefined && isInAnotherBoot(error)) refusals.report(target, error);
        else await giveUp(id, error);
        return undefined;
      }
    },
    async closeAll() {
      for (const [id, session] of sessions) {
        sessions.delete(id);
        if (session !== 'lost') await leaveHost(context, session);
      }
    },
  };
}

/** Workloads whose guests do not fit their host: each is reported when the host is checked. */
function trackMisfits(context: HostContext): { check(host: Host): Promise<void>; has(trial: PlannedTrial): boolean } {
  const keys = new Set<string>();
  return {
    async check(host) {
      for (const { key, problem } of await findMisfits(context, host)) {
        keys.add(key);
        await journalDeviation(context, `${describeProblem(problem)}: none of its trials was begun`);
        context.notify({ kind: 'problem', problem });
      }
    },
    has: (trial) => keys.has(misfitKey(trial)),
  };
}

/** Targets that need another boot than their host is in: each is reported once. */
function trackRefusals({ notify }: HostContext): { report(target: TargetConfig, error: BenchError): void } {
  const reported = new Set<string>();
  return {
    report({ id }, { problem }) {
      if (reported.has(id)) return;
      reported.add(id);
      notify({ kind: 'problem', problem });
    },
  };
}

async function openHost(context: HostContext, id: HostId): Promise<HostSession> {
  const { world, run, hosts, breakLock, resumes, pendingAttempts: pending, signal, notify } = context;
  const config = hosts.get(id);
  if (config === undefined) throw new BenchError({ stage: 'config', message: 'the hosts file no longer has it' });
  notify({ kind: 'preparing', what: `host ${id}: connecting, locking, building the agent` });
  const notice = (what: string): void => notify({ kind: 'preparing', what });
  const step = (what: string): void => notify({ kind: 'step', what });
  const taking = { run: run.id, breakLock, resumes, pending, notice, step, signal };
  const session = await openSession(world, config, taking);
  if (session.host.config.sharesKernel !== true) return session;
  const own = run.stored.plan.targets.filter(({ host }) => host === id);
  notice(`host ${id}: it is the machine that runs bench, and is treated as shared`);
  notice(await keepOff([...new Set(own.flatMap(({ shape }) => shape.cpus))]));
  return session;
}

/** The boot that trials need: of the profile that their target names, and of an ordinal where the plan has boots. */
interface WantedBoot {
  readonly target: TargetConfig;
  readonly ordinal: number | undefined;
}

/** Whether the host had to be restarted for a trial. */
async function enterWantedBoot(context: HostContext, session: HostSession, wanted: WantedBoot): Promise<boolean> {
  const { target, ordinal } = wanted;
  if (target.boot === undefined && ordinal === undefined) return false;
  const { mayReboot, signal, notify, world, run, bootsMade } = context;
  const change: BootChange = {
    mayReboot,
    signal,
    notify: (what) => notify({ kind: 'preparing', what }),
    leave: async () => {
      await removeGuests(context, session);
      await restoreSettings(context, session);
    },
  };
  const begin = world.now();
  const booted = await (ordinal === undefined
    ? enterBoot(session, target, change)
    : enterPlannedBoot(session, target, ordinal, bootsMade, change));
  if (!booted.rebooted) return false;
  const end = world.now();
  const boot = booted.state.bootId;
  await run.journal({
    at: end.toISOString(),
    event: 'booted',
    host: session.host.id,
    boot,
    ...(target.boot === undefined ? {} : { profile: target.boot }),
    ...(ordinal === undefined ? {} : { ordinal }),
    seconds: (end.getTime() - begin.getTime()) / 1000,
  });
  if (ordinal === undefined) await journalDeviation(context, describeReboot(session.host.id, target, booted));
  else bootsMade.set(boot, bootKey(target, ordinal));
  return true;
}

/**
 * Behind a lost connection a trial may still run: then the host keeps its settings, and its lock until the lease ends.
 * Without the lock the host is somebody else's: its settings are left as they are.
 */
async function abandon(context: HostContext, session: HostSession, error: unknown): Promise<void> {
  const isLost = error instanceof BenchError && error.transport;
  const isOurs = !(error instanceof BenchError && error.problem.stage === 'lock');
  if (!isLost && isOurs) await restoreSettings(context, session).catch(() => undefined);
  await (isLost ? session.connection.close() : session.close()).catch(() => undefined);
}
