import type { Json, RunId, TargetId, TrialId } from './names.js';
import type { GateReading, StoredPlan } from './plan.js';
import type { Problem } from './problem.js';
import type { Installation, ProfileId } from './step.js';
import type { Finding } from './system.js';
import type { Assignment, ClockOffset, Simultaneity } from './workload.js';

export interface Artifact {
  /** Relative to the run's directory. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export type Outcome =
  | { readonly status: 'collected'; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'failed'; readonly problem: Problem; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'void'; readonly reason: string; readonly artifacts: readonly Artifact[] }
  | { readonly status: 'skipped'; readonly reason: string };

/** One guest's part in the record of a trial of several. */
export interface GuestPart {
  readonly assignment: Assignment;
  readonly name: string;
  readonly installation?: Installation;
  readonly expects: readonly string[];
  readonly findings: readonly Finding[];
  /** Paths of its artifacts, a subset of the record's. */
  readonly artifacts: readonly string[];
  readonly clock?: ClockOffset;
}

/** One line of `records.jsonl`: how one attempt at one trial ended. Raw artifacts, never parsed samples. */
export interface TrialRecord {
  readonly schema: 'bench-record/2';
  readonly trial: TrialId;
  /** 1-based; a void trial is repeated with the next number. */
  readonly attempt: number;
  readonly block: number;
  readonly target: TargetId;
  /** Of a trial of several guests the id of the workload; `guests` then says what each did. */
  readonly benchmark: string;
  readonly profile: ProfileId;
  /** `measured` by this harness, `imported` raw output, `published` values of a reference. */
  readonly origin: 'measured' | 'imported' | 'published';
  readonly started: string;
  readonly ended: string;
  readonly installation?: Installation;
  /** Names of the metrics that the trial's steps promised. */
  readonly expects: readonly string[];
  readonly findings: readonly Finding[];
  /** Only of a trial of several guests; what it has is then not repeated in the members above. */
  readonly guests?: readonly GuestPart[];
  /** As measured, when all guests came to measure. */
  readonly simultaneity?: Simultaneity;
  readonly gates?: readonly GateReading[];
  /** The boot of the host that it belongs to (/proc/sys/kernel/random/boot_id). */
  readonly boot?: string;
  readonly outcome: Outcome;
  /** For imported trials: what the source says of itself. */
  readonly source?: Readonly<Record<string, string>>;
}

/** One line of `journal.jsonl`: what happened between records, for resuming and for the report's provenance. */
export type JournalEntry =
  | { readonly at: string; readonly event: 'opened' | 'resumed' | 'closed'; readonly by: string }
  | {
      readonly at: string;
      /** Written before the agent starts: with it a later process can pick the trial up and record it. */
      readonly event: 'launched';
      readonly trial: TrialId;
      readonly attempt: number;
      readonly guest: string;
      /** Number of the guest in its workload; absent: 0. */
      readonly part?: number;
      /** Directory of the trial inside the guest. */
      readonly dir: string;
      readonly installation: Installation;
      readonly expects: readonly string[];
      readonly findings: readonly Finding[];
      readonly limitSeconds: number;
    }
  | { readonly at: string; readonly event: 'facts'; readonly of: string; readonly facts: Facts }
  | { readonly at: string; readonly event: 'deviation'; readonly trial?: TrialId; readonly what: string };

/** Facts by name. Each is what one command printed, read by one pure reader; null where it could not be read. */
export type Facts = { readonly [name: string]: Json };

/** A run as the store reads it back; what reports start from. `raw` holds the bytes of every artifact by path. */
export interface LoadedRun {
  readonly id: RunId;
  readonly directory: string;
  readonly stored: StoredPlan;
  readonly records: readonly TrialRecord[];
  readonly journal: readonly JournalEntry[];
  readonly raw: ReadonlyMap<string, Uint8Array>;
  /** Lines that could not be read, artifacts whose checksum does not match: shown, never ignored. */
  readonly damage: readonly string[];
}
