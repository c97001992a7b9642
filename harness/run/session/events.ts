import type { Problem, Reading, RunId, TargetId, TrialId, TrialRecord } from '../../types.js';

/** What a run reports while it is executed, for display; nothing depends on whether events are read. */
export type RunEvent =
  | {
      readonly kind: 'opened';
      readonly run: RunId;
      readonly directory: string;
      readonly trials: number;
      readonly done: number;
    }
  /** A slow step before a host or target can measure. */
  | { readonly kind: 'preparing'; readonly what: string }
  | {
      readonly kind: 'trial-started';
      readonly trial: TrialId;
      readonly attempt: number;
      readonly target: TargetId;
      /** Id of the suite or workload. */
      readonly benchmark: string;
      /** 1-based position among all trials of the plan. */
      readonly position: number;
      readonly trials: number;
      /** Estimated until the end of the run, see `Pace`. */
      readonly remainingSeconds: number;
    }
  | {
      readonly kind: 'trial-ended';
      readonly record: TrialRecord;
      /** Parsed from its output, for display; records contain raw output only. */
      readonly readings: readonly Reading[];
      readonly seconds: number;
      readonly position: number;
      readonly trials: number;
      readonly remainingSeconds: number;
    }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | {
      readonly kind: 'closed';
      readonly run: RunId;
      readonly collected: number;
      readonly failed: number;
      readonly voided: number;
      readonly skipped: number;
      /** Skipped because their metrics are known precisely enough. */
      readonly unneeded: number;
      readonly interrupted: boolean;
    };
