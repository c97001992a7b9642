import type { OpenRun } from '../../store/index.js';
import type { HostConfig, HostId } from '../../types.js';
import type { RunEvent } from './events.js';
import type { World } from './world.js';

/** What using the hosts of a run depends on. */
export interface HostContext {
  readonly world: World;
  readonly run: OpenRun;
  readonly hosts: ReadonlyMap<HostId, HostConfig>;
  readonly breakLock: boolean;
  /** The run was begun by an earlier process, and this one has claimed its directory. */
  readonly resumes: boolean;
  /** Whether hosts may be rebooted into the boots that targets name. */
  readonly mayReboot: boolean;
  /** See `bootsMade`; grows as hosts are restarted. */
  readonly bootsMade: Map<string, string>;
  readonly signal: AbortSignal;
  /** Names of guests whose trial may still be picked up, of all hosts or one: they are not removed. */
  readonly pending: (host?: HostId) => readonly string[];
  /** Attempts that may still be picked up, as `t0001.2`: their agents are not ended. */
  readonly pendingAttempts: () => readonly string[];
  readonly notify: (event: RunEvent) => void;
}

/** Writes a deviation from the plan into the journal. */
export async function journalDeviation({ world, run }: HostContext, what: string): Promise<void> {
  await run.journal({ at: world.now().toISOString(), event: 'deviation', what });
}
