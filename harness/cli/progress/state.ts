import type { RunEvent, TrialStage } from '../../run/session/events.js';
import type { Span } from '../../run/plan/pace.js';

/** An event of a run, or the signal that ends it. */
export type ProgressEvent = RunEvent | { readonly kind: 'interrupted' };

/** What a display of a run shows. Instants are in milliseconds, of one clock. */
export interface ProgressState {
  readonly begun: number;
  /** Trials that have ended, and all of the plan; absent before the run is opened, and where there are no trials. */
  readonly count?: { readonly done: number; readonly trials: number };
  /** The attempt that runs. */
  readonly trial?: {
    readonly target: string;
    readonly benchmark: string;
    readonly attempt: number;
    readonly since: number;
    readonly expected: Span;
    readonly stage?: { readonly name: TrialStage; readonly detail?: string; readonly since: number };
  };
  /** Until the end of the run, without the attempt that runs. */
  readonly rest?: Span;
  /** Work outside of trials. */
  readonly step?: { readonly what: string; readonly since: number };
  /** When the run was interrupted. */
  readonly interrupted?: number;
  /** Nothing is shown any more. */
  readonly ended?: true;
}

export const progressAt = (begun: number): ProgressState => ({ begun });

/** The state after an event. Pure. */
export function advance(state: ProgressState, event: ProgressEvent, now: number): ProgressState {
  switch (event.kind) {
    case 'opened':
      return { ...state, count: countOf(event), rest: event.rest };
    case 'step':
      return { ...state, step: { what: event.what, since: now } };
    case 'trial-started': {
      const { target, benchmark, attempt, expected, rest } = event;
      const trial = { target, benchmark, attempt, since: now, expected };
      return { ...withoutWork(state), count: countOf(event), trial, rest };
    }
    case 'stage': {
      const { trial } = state;
      if (trial === undefined) return state;
      const { stage: name, detail } = event;
      const since = trial.stage?.name === name ? trial.stage.since : now;
      return { ...state, trial: { ...trial, stage: { name, since, ...(detail === undefined ? {} : { detail }) } } };
    }
    case 'trial-ended':
      return { ...withoutWork(state), count: countOf(event), rest: event.rest };
    case 'interrupted':
      return { ...state, interrupted: now };
    case 'closed':
      return { ...withoutWork(state), ended: true };
    case 'preparing':
    case 'problem':
      return state;
  }
}

const countOf = ({ done, trials }: { readonly done: number; readonly trials: number }) => ({ done, trials });

function withoutWork({ trial: _trial, step: _step, ...rest }: ProgressState): ProgressState {
  return rest;
}

/** What is left of the run: that of the attempt shrinks as it runs. Undefined where it is not known. Pure. */
export function remaining({ trial, rest }: ProgressState, now: number): Span | undefined {
  if (rest === undefined || trial === undefined) return rest;
  const passed = (now - trial.since) / 1000;
  const left = (whole: number): number => Math.max(0, whole - passed);
  const { low, likely, high } = trial.expected;
  return { low: rest.low + left(low), likely: rest.likely + left(likely), high: rest.high + left(high) };
}

/** The last trial of the run takes longer than any estimate: there is none any more. */
export function isOverdue({ trial, rest }: ProgressState, now: number): boolean {
  return trial !== undefined && rest?.high === 0 && (now - trial.since) / 1000 > trial.expected.high;
}
