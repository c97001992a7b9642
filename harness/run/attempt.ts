import { installAgentIn } from './install.js';
import type { OpenRun } from '../store/index.js';
import type {
  Artifact,
  Guest,
  GuestSpec,
  PlannedTrial,
  Platform,
  Reading,
  Suite,
  TargetConfig,
  TrialRecord,
} from '../types.js';
import type { HostSession } from './session.js';
import type { Launched } from './unfinished.js';
import type { World } from './world.js';

/** Everything that one attempt at one trial needs. */
export interface Attempt {
  readonly world: World;
  readonly run: OpenRun;
  readonly session: HostSession;
  /** The host at the other end, for suites that need one. */
  readonly peer?: HostSession;
  readonly platform: Platform;
  readonly target: TargetConfig;
  readonly suite: Suite;
  readonly trial: PlannedTrial;
  readonly number: number;
  readonly signal: AbortSignal;
  /** Set when the agent of this attempt was started before, by this process or a dead one. */
  launched?: Launched | undefined;
  /** What was stored of it so far: a record says so even when it cannot be read. */
  artifacts?: readonly Artifact[];
  /** The agent inside the guest, once it is there. */
  agentPath?: string;
  notice(what: string): void;
}

/** How an attempt ended, with what the parser makes of it for display. */
export interface Attempted {
  readonly record: TrialRecord;
  readonly readings: readonly Reading[];
}

/** `bench-<run>-<target>-0`, see `GuestSpec`. */
export function guestSpec(attempt: Pick<Attempt, 'run' | 'target'>): GuestSpec {
  const suffix = attempt.run.id
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(-6);
  const target = attempt.target.id.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return { name: `bench-${suffix}-${target}-0`.slice(0, 60), target: attempt.target };
}

/** The agent inside the guest, put there when it is not. */
export async function reachAgent(attempt: Attempt, guest: Guest): Promise<string> {
  attempt.agentPath ??= await installAgentIn(attempt.session, guest);
  return attempt.agentPath;
}
