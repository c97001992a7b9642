import type { KnownAgents } from '../../agent/known.js';
import type { ProcessIdentity } from '../../process-identity.js';
import type { Connection, HostConfig, Platform, Suite, Workload } from '../../types.js';

/** Everything outside that a run depends on, given by the composition root: no module reaches for it on its own. */
export interface World {
  connect(host: HostConfig): Promise<Connection>;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly suites: ReadonlyMap<string, Suite>;
  readonly workloads: ReadonlyMap<string, Workload>;
  now(): Date;
  /** Who runs this, for locks and journals. */
  readonly operator: Operator;
  /** The agents that are run where they are found; default those that this process built. */
  readonly knownAgents?: KnownAgents;
}

/** The process that drives a run: `who` is user@machine, `machine` its host name; both are for messages. */
export interface Operator extends ProcessIdentity {
  readonly who: string;
  readonly machine: string;
}
