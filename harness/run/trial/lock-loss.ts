import type { Attempt } from './attempt.js';

/**
 * Why the lock of a host of this attempt is no longer this run's: another `bench` may have used the host meanwhile.
 * Undefined while all locks are held. To be called once nothing measures any more; one command a host.
 */
export async function lossOfLock({ session, peer }: Pick<Attempt, 'session' | 'peer'>): Promise<string | undefined> {
  for (const { lock } of new Set(peer === undefined ? [session] : [session, peer])) {
    const lost = await lock.whyLost();
    if (lost !== undefined) return lost;
  }
  return undefined;
}
