import type { Problem, Reading, RunId, TargetId, TrialId, TrialRecord } from '../../types.js';
import type { Span } from '../plan/pace.js';

/** What an attempt at a trial is doing, in order. */
export const TRIAL_STAGES = [
  'checking the host',
  'waiting for quiet',
  'starting the guest',
  'installing the suite',
  'preparing',
  'measuring',
  'collecting the output',
] as const;

export type TrialStage = (typeof TRIAL_STAGES)[number];

/** How far a run is: trials that have ended, those of earlier processes included, of all trials of the plan. */
interface Count {
  readonly done: number;
  readonly trials: number;
}

/** What a run reports while it is executed, for display; nothing depends on whether events are read. */
export type RunEvent =
  | (Count & {
      readonly kind: 'opened';
      readonly run: RunId;
      readonly directory: string;
      /** Until the end of the run. */
      readonly rest: Span;
    })
  /** A notice about a host or a target. */
  | { readonly kind: 'preparing'; readonly what: string }
  /** The beginning of work that may take seconds, outside of trials. */
  | { readonly kind: 'step'; readonly what: string }
  | (Count & {
      readonly kind: 'trial-started';
      readonly trial: TrialId;
      readonly attempt: number;
      readonly target: TargetId;
      /** Id of the suite or workload. */
      readonly benchmark: string;
      /** 1-based position among all trials of the plan. */
      readonly position: number;
      /** How long the attempt takes, the wait for a quiet host included; see `Pace`. */
      readonly expected: Span;
      /** From its end until the end of the run. */
      readonly rest: Span;
    })
  /** Of the trial that was started last. Repeated with another detail while it waits for its host. */
  | {
      readonly kind: 'stage';
      readonly trial: TrialId;
      readonly stage: TrialStage;
      /** `CPU 1 is 39 % busy`. */
      readonly detail?: string;
    }
  | (Count & {
      readonly kind: 'trial-ended';
      readonly record: TrialRecord;
      /** Parsed from its output, for display; records contain raw output only. */
      readonly readings: readonly Reading[];
      readonly seconds: number;
      readonly position: number;
      /** Until the end of the run. */
      readonly rest: Span;
    })
  | { readonly kind: 'problem'; readonly problem: Problem }
  /** Counts are of the whole run, those of earlier processes included. */
  | {
      readonly kind: 'closed';
      readonly run: RunId;
      readonly trials: number;
      readonly collected: number;
      readonly failed: number;
      readonly voided: number;
      readonly skipped: number;
      /** Skipped because their metrics are known precisely enough. */
      readonly unneeded: number;
      readonly interrupted: boolean;
    };
