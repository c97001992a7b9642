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

/** Removes guests, restores settings, releases the lock and closes the connection: each also when another one fails. */
export async function leaveHost(context: HostContext, session: HostSession): Promise<void> {
  const steps = [() => removeGuests(context, session), () => restoreSettings(context, session), () => session.close()];
  for (const step of steps) {
    await step().catch((error: unknown) => {
      context.notify({ kind: 'problem', problem: { host: session.host.id, ...problemOf(error, 'stop') } });
    });
  }
}
