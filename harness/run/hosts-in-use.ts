import { BenchError, problemOf } from '../errors.js';
import { gatherFacts } from '../host/facts/index.js';
import type { OpenRun } from '../store/index.js';
import type { HostConfig, HostId, Problem } from '../types.js';
import type { RunEvent } from './events.js';
import { openSession, type HostSession } from './session.js';
import type { World } from './world.js';

/** The hosts of one run: each opened at its first trial, and given up when it is lost. */
export interface HostsInUse {
  /** Undefined when the host cannot be had; why was told once. */
  reach(id: HostId): Promise<HostSession | undefined>;
  giveUp(id: HostId, error: unknown): Promise<void>;
  /** Removes this run's guests, releases the locks, closes the connections, whatever fails on the way. */
  closeAll(): Promise<void>;
}

export interface HostsInUseOptions {
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly run: OpenRun;
  readonly breakLock: boolean;
  /** Names of guests whose trial may still be picked up: they are not reaped. */
  readonly pending: () => readonly string[];
  readonly tell: (event: RunEvent) => void;
}

export function hostsInUse(world: World, options: HostsInUseOptions): HostsInUse {
  const { run, tell } = options;
  const sessions = new Map<HostId, HostSession | 'lost'>();

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
      await (lost ? session.connection.close() : session.close()).catch(() => undefined);
    }
    await note(`host ${id} was given up: ${problem.message}`);
    tell({ kind: 'problem', problem });
  };

  const open = async (id: HostId): Promise<HostSession> => {
    const config = options.hosts.get(id);
    if (config === undefined) throw new BenchError({ stage: 'config', message: 'the hosts file no longer has it' });
    tell({ kind: 'preparing', what: `host ${id}: connecting, locking, building the agent` });
    const session = await openSession(world, config, { run: run.id, breakLock: options.breakLock });
    sessions.set(id, session);
    await reapGuests(world, session, run, options.pending());
    const facts = await gatherFacts(session.connection, session.host.workDir);
    await run.journal({ at: world.now().toISOString(), event: 'facts', of: `host ${id}`, facts });
    return session;
  };

  return {
    giveUp,
    async reach(id) {
      const known = sessions.get(id);
      if (known !== undefined) return known === 'lost' ? undefined : known;
      try {
        return await open(id);
      } catch (error) {
        await giveUp(id, error);
        return undefined;
      }
    },
    async closeAll() {
      for (const [host, session] of sessions) {
        sessions.delete(host);
        if (session === 'lost') continue;
        const closing = [() => reapGuests(world, session, run, options.pending()), () => session.close()];
        for (const step of closing) {
          await step().catch((error: unknown) =>
            tell({ kind: 'problem', problem: { host, ...problemOf(error, 'stop') } }),
          );
        }
      }
    },
  };
}

/** Removes the guests that this or a crashed `bench` left on a host, but for those named. */
async function reapGuests(world: World, session: HostSession, run: OpenRun, keep: readonly string[]): Promise<void> {
  const here = run.plan.plan.targets.filter(({ host }) => host === session.host.id);
  for (const platform of new Set(here.map((target) => target.platform))) {
    await world.platforms.get(platform)?.reap(session.host, keep);
  }
}
