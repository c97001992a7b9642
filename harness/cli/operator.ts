import { hostname, userInfo } from 'node:os';
import { thisProcess } from '../process-identity.js';
import type { Operator } from '../run/session/world.js';

/** Who runs this process, for locks and journals. */
export async function thisOperator(): Promise<Operator> {
  const machine = hostname();
  return { who: `${userName()}@${machine}`, machine, ...(await thisProcess()) };
}

/** A container may run under a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
