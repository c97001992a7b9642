import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import type { Operator } from '../run/session/world.js';

/** Who runs this process, for locks and journals. */
export async function thisOperator(): Promise<Operator> {
  const machine = hostname();
  // Field 22 of /proc/self/stat (proc(5)); the command name before it ends at the last parenthesis.
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  const pidStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return { who: `${userName()}@${machine}`, machine, pid: process.pid, pidStart };
}

/** A container may run under a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
