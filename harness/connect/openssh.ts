import type { ExecResult, Executor } from '../types.js';
import { connectFailure, printable, type Place } from './failure.js';

/** Runs one of OpenSSH's own tools on this machine. Rejects with stage `connect` when it is missing or hangs. */
export async function openssh(
  local: Executor,
  place: Place,
  argv: readonly [string, ...string[]],
): Promise<ExecResult> {
  try {
    return await local.exec({ argv, timeoutMs: 30_000 });
  } catch (error) {
    throw connectFailure(place, `${argv[0]} of the OpenSSH client cannot be run here`, {
      found: printable(error instanceof Error ? error.message : String(error)),
      hint: 'install the OpenSSH client (on Debian the package openssh-client)',
      cause: error,
    });
  }
}
