import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { suites } from '../../suites/index.js';
import { connect } from '../connect/index.js';
import { platforms } from '../platforms/index.js';
import type { Operator, World } from '../run/world.js';
import type { Suite } from '../types.js';

/** Every suite, as the harness sees them. */
export const allSuites: readonly Suite[] = suites;

/** The outside as it is: this is where the modules of a run meet (the composition root). */
export async function makeWorld(): Promise<World> {
  return {
    connect: (host) => connect(host),
    platforms: new Map(platforms.map((platform) => [platform.id, platform])),
    suites: new Map(allSuites.map((suite) => [suite.id, suite])),
    now: () => new Date(),
    operator: await thisProcess(),
  };
}

async function thisProcess(): Promise<Operator> {
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
