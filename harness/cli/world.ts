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
  };
}
