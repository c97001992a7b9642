import { homedir } from 'node:os';
import { join } from 'node:path';
import { knownAgents } from '../agent/known.js';
import { connect } from '../connect/index.js';
import { platforms } from '../platforms/index.js';
import type { World } from '../run/session/world.js';
import { thisOperator } from './operator.js';
import { allSuites, allWorkloads } from './registries.js';

/** The composition root: connections, registries, clock and operator for a run. */
export async function makeWorld(): Promise<World> {
  return {
    connect: (host) => connect(host),
    platforms: new Map(platforms.map((platform) => [platform.id, platform])),
    suites: new Map(allSuites.map((suite) => [suite.id, suite])),
    workloads: new Map(allWorkloads.map((workload) => [workload.id, workload])),
    now: () => new Date(),
    operator: await thisOperator(),
    knownAgents: knownAgents(join(cacheDirectory(), 'bench', 'agents')),
  };
}

/** XDG Base Directory Specification: a path that is not absolute is ignored. */
function cacheDirectory(): string {
  const { XDG_CACHE_HOME: configured = '' } = process.env;
  return configured.startsWith('/') ? configured : join(homedir(), '.cache');
}
