import { BenchError, problemOf } from '../errors.js';
import { restoreControls, type Restored } from '../host/controls/restore.js';
import { ensureWorkDir } from '../host/work-dir.js';
import type { HostConfig, HostId, Problem } from '../types.js';
import { takeHost } from './session/take-host.js';
import type { World } from './session/world.js';

/** The result of restoring one host. */
export type HostRestored =
  | { readonly host: HostId; readonly problem: Problem }
  | { readonly host: HostId; readonly restored: Restored; readonly notices: readonly string[] };

/** Long enough for a host with many CPUs to come back. */
const LEASE_SECONDS = 1200;

/** Restores the settings that earlier runs left changed on these hosts, one after the other, each under its lock. */
export async function restoreHosts(
  world: World,
  options: { readonly hosts: readonly HostConfig[]; readonly breakLock: boolean },
): Promise<readonly HostRestored[]> {
  const results: HostRestored[] = [];
  for (const config of options.hosts) {
    try {
      const notices: string[] = [];
      const restored = await restoreHost(world, config, options.breakLock, (what) => notices.push(what));
      results.push({ host: config.id, restored, notices });
    } catch (error) {
      results.push({ host: config.id, problem: { host: config.id, ...problemOf(error, 'connect') } });
    }
  }
  return results;
}

async function restoreHost(
  world: World,
  config: HostConfig,
  breakLock: boolean,
  notice: (what: string) => void,
): Promise<Restored> {
  const connection = await world.connect(config);
  try {
    const workDir = await ensureWorkDir(connection, config);
    const host = { id: config.id, executor: connection, workDir };
    const { operator } = world;
    const lock = await takeHost(host, { operator, run: 'restore', leaseSeconds: LEASE_SECONDS, breakLock, notice });
    try {
      return await restoreControls(host);
    } finally {
      // An earlier error is more important than a lock that is still held: its lease ends by itself.
      await lock.release().catch((error: unknown) => {
        if (!(error instanceof BenchError)) throw error;
      });
    }
  } finally {
    await connection.close();
  }
}
