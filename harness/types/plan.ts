import type { HostId, RunId, TargetId, TrialId } from './names.js';
import type { ProfileId } from './step.js';
import type { TargetConfig } from './system.js';
import type { Assignment } from './workload.js';

/** One trial of a plan: which suite runs in which guest, one guest or several at the same time. */
export interface PlannedTrial {
  readonly id: TrialId;
  /** Trials of a block are interleaved at random; every target of the block occurs once for each suite. */
  readonly block: number;
  readonly target: TargetId;
  /** Id of the workload of several guests; absent where one suite runs in one guest. */
  readonly workload?: string;
  readonly assignments: readonly [Assignment, ...Assignment[]];
  /** Of a noise run, see `Plan.noise`. */
  readonly arm?: Arm;
}

/**
 * Which of the measurements of one target a trial of a noise run belongs to: `a` and `b` are the same thing twice; in
 * `detached` the harness has no session to the host while the trial measures.
 */
export type Arm = 'a' | 'b' | 'detached';

/** One gate's reading of one trial. */
export interface GateReading {
  /** Id of a gate: `harness/run/gates/index.ts` has those of this version. */
  readonly gate: string;
  /** In the gate's own unit, which `limit` shares; null where it cannot be read, and `detail` says why. */
  readonly value: number | null;
  readonly limit: number;
  /** `noted`: beyond the limit, on a machine that is shared with others (a lab, the one that runs `bench`): voids nothing. */
  readonly verdict: 'ok' | 'void' | 'noted' | 'unavailable';
  /** In words, with the place: `CPU 1: 12.3 % used by others`. */
  readonly detail: string;
}

/** What will be done, fixed and hashed before the first trial. */
export interface Plan {
  readonly schema: 'bench-plan/2';
  readonly seed: number;
  readonly profile: ProfileId;
  readonly suites: readonly { readonly id: string; readonly version: number }[];
  readonly workloads?: readonly { readonly id: string; readonly version: number }[];
  readonly targets: readonly TargetConfig[];
  readonly baseline?: TargetId;
  /** Hosts that are emulated machines: their timings say nothing about real ones. */
  readonly emulated?: readonly HostId[];
  /** Thresholds that differ from the defaults, by id of the gate. */
  readonly gates?: Readonly<Record<string, number>>;
  /** `abba`: two targets, in blocks of A B B A or B A A B. */
  readonly order: 'randomized-blocks' | 'abba';
  /** Trials of a target and suite end early once every metric's 95 % interval is narrow enough; absent: fixed n. */
  readonly precision?: { readonly ciWidth: number; readonly minTrials: number; readonly maxTrials: number };
  /** The level at which things are repeated: a fresh guest start for each trial (native: none). */
  readonly replication: string;
  /** One target measured against itself: every trial has an `arm`. */
  readonly noise?: true;
  readonly trials: readonly PlannedTrial[];
}

/** A stored plan: `hash` is the SHA-256 of its canonical JSON. */
export interface StoredPlan {
  readonly run: RunId;
  readonly created: string;
  readonly hash: string;
  readonly plan: Plan;
}
