import { buildAgent, type BuiltAgent } from '../../agent/build.js';
import { BenchError } from '../../errors.js';
import { restoreControls } from '../../host/controls/restore.js';
import type { HostLock } from '../../host/lock.js';
import { asReached } from '../../host/shared-machine.js';
import { ensureWorkDir } from '../../host/work-dir.js';
import type { Connection, Host, HostConfig } from '../../types.js';
import type { ControlsInForce } from './controls.js';
import { clearAgents, takeHost, type Taking } from './take-host.js';
import type { World } from './world.js';

/** Until the first trial extends it: preparing a host may install packages. */
export const PREPARE_LEASE_SECONDS = 1800;

/** A host that this process holds: connected, locked, with the agent built. */
export interface HostSession {
  readonly host: Host;
  readonly connection: Connection;
  readonly lock: HostLock;
  readonly agent: BuiltAgent;
  /** What is set on the host for the run; absent where nothing is measured. */
  readonly controls?: ControlsInForce;
  /** Between attempts: makes sure that no agent of another attempt or run lives on the host, see `takeHost`. */
  clearAgents(): Promise<void>;
  /** Releases the lock and closes the connection. */
  close(): Promise<void>;
}

/**
 * Connects to a host, takes it as `takeHost` does, restores what an earlier run left changed, and readies it for
 * trials. Throws a `BenchError` that names the host.
 */
export async function openSession(
  world: World,
  config: HostConfig,
  options: Omit<Taking, 'operator' | 'leaseSeconds'>,
): Promise<HostSession> {
  const step = (what: string): void => options.step?.(`host ${config.id}: ${what}`);
  step('connecting');
  const connection = await world.connect(config).catch((error: unknown) => {
    throw named(error, config);
  });
  try {
    const workDir = await ensureWorkDir(connection, config);
    const reached = await asReached(connection, config, world.operator);
    const host: Host = { id: config.id, config: reached, executor: connection, workDir };
    step('locking');
    const lock = await takeHost(host, {
      ...options,
      operator: world.operator,
      leaseSeconds: PREPARE_LEASE_SECONDS,
    });
    try {
      await restoreControls(host, { keep: options.run });
      step('building the agent');
      const agent = await buildAgent(connection, workDir, world.knownAgents);
      return {
        host,
        connection,
        lock,
        agent,
        clearAgents: () => clearAgents(host, { ...options, breakLock: false }),
        close: () => closeSession(connection, lock),
      };
    } catch (error) {
      await lock.release().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    await connection.close();
    throw named(error, config);
  }
}

async function closeSession(connection: Connection, lock: HostLock): Promise<void> {
  try {
    await lock.release();
  } finally {
    await connection.close();
  }
}

function named(error: unknown, config: HostConfig): unknown {
  return error instanceof BenchError ? error.within({ host: config.id }) : error;
}
