import { connectLocal } from '../../connect/local.js';
import { BenchError } from '../../errors.js';
import { ensureBoot, type Booted } from '../../host/boot.js';
import { asReached } from '../../host/shared-machine.js';
import { ensureWorkDir } from '../../host/work-dir.js';
import type { HostConfig, HostId, TargetConfig } from '../../types.js';
import { AFTER_REBOOT_SECONDS } from './boots.js';
import { takeHost } from './take-host.js';
import type { World } from './world.js';

export interface BootRequest {
  readonly target: TargetConfig;
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly breakLock: boolean;
  readonly signal: AbortSignal;
  readonly report: (what: string) => void;
}

/** Reboots the host of a target into the boot that the target names, if it is in another; locked, so that no run is cut off. */
export async function bootHost(world: World, request: BootRequest): Promise<Booted> {
  const { target, hosts, signal, report } = request;
  const config = hosts.get(target.host);
  if (config === undefined) throw new BenchError({ stage: 'config', message: 'no such host', host: target.host });
  const connection = await world.connect(config);
  try {
    const workDir = await ensureWorkDir(connection, config);
    const host = { id: config.id, executor: connection, workDir };
    const lock = await takeHost(host, {
      operator: world.operator,
      run: 'boot',
      leaseSeconds: AFTER_REBOOT_SECONDS,
      breakLock: request.breakLock,
      notice: report,
      signal,
    });
    try {
      const reached = await asReached(connection, config, world.operator);
      return await ensureBoot({ config: reached, executor: connection }, target.boot ?? '', {
        here: connectLocal('here'),
        report,
        signal,
        beforeRestart: (limitSeconds) => lock.restarting(limitSeconds),
      });
    } finally {
      await lock.release().catch(() => undefined);
    }
  } catch (error) {
    throw error instanceof BenchError ? error.within({ host: config.id }) : error;
  } finally {
    await connection.close();
  }
}
