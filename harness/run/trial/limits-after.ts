import { printable } from '../../connect/failure.js';
import { BenchError, problemOf } from '../../errors.js';
import { changedLimits } from '../../host/verify.js';
import type { Ready } from './barrier.js';

/**
 * Why the limits of a guest are not those that were verified before its agent was launched: another program has changed
 * one, in the guest's groups or above them. `undefined` while all are as they were. Call it once nothing measures any
 * more. Rejects when the connection is lost.
 */
export async function limitsChanged(guests: readonly Ready[]): Promise<string | undefined> {
  for (const { guest, launched } of guests) {
    try {
      const changed = changedLimits(launched.findings, await guest.readBack());
      if (changed !== undefined) return printable(`${guest.name}: ${changed}`, 600);
    } catch (error) {
      if (!(error instanceof BenchError) || error.transport) throw error;
      return printable(
        `the limits of ${guest.name} cannot be read after the trial: ${problemOf(error, 'verify').message}`,
        300,
      );
    }
  }
  return undefined;
}
