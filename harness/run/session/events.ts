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
  /** Something slow is being done to a host or target before it can measure. */
  | { readonly kind: 'preparing'; readonly what: string }
  | {
      readonly kind: 'trial-started';
      readonly trial: TrialId;
      readonly attempt: number;
      readonly target: TargetId;
      readonly suite: string;
      /** 1-based position among all trials of the plan. */
      readonly position: number;
      readonly trials: number;
      /** Until the end of the run, from what trials took so far and the suites' own guesses for the rest. */
      readonly remainingSeconds: number;
    }
  | {
      readonly kind: 'trial-ended';
      readonly record: TrialRecord;
      /** What its parser made of it, for display; records hold raw output only. */
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
