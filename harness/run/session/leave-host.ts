import { problemOf } from '../../errors.js';
import type { HostContext } from './host-context.js';
import { restoreSettings } from './host-settings.js';
import type { HostSession } from './session.js';

/** Removes the guests that this or a crashed `bench` left on a host, except those of pending trials. */
export async function removeGuests({ world, run, pending }: HostContext, { host }: HostSession): Promise<void> {
  const targets = run.stored.plan.targets.filter((target) => target.host === host.id);
  for (const platform of new Set(targets.map((target) => target.platform))) {
    await world.platforms.get(platform)?.reap(host, pending());
  }
}

/**
 * Removes guests, restores settings, releases the lock and closes the connection: each also when another one fails. A host
 * whose lock was lost is somebody else's: its guests and settings are left as they are.
 */
export async function leaveHost(context: HostContext, session: HostSession): Promise<void> {
  const lost = await session.lock.whyLost().catch(() => undefined);
  if (lost !== undefined) {
    context.notify({ kind: 'problem', problem: { host: session.host.id, stage: 'lock', message: lost, hint: LOST } });
    await session.connection.close().catch(() => undefined);
    return;
  }
  const steps = [() => removeGuests(context, session), () => restoreSettings(context, session), () => session.close()];
  for (const step of steps) {
    await step().catch((error: unknown) => {
      context.notify({ kind: 'problem', problem: { host: session.host.id, ...problemOf(error, 'stop') } });
    });
  }
}

const LOST = 'its guests and settings were left as they are, for the new holder of the lock';
