import type { AccountedTrial } from '../../trial/raw-trial.js';
import type { Watched } from '../../host/vitals/watched.js';
import type { Assignment, Finding, Platform, Simultaneity, Workload } from '../../types.js';

/** One guest as gates see it. */
export interface GatedGuest {
  readonly assignment: Assignment;
  readonly raw: AccountedTrial;
  /** CPUs that it was pinned to, as numbered inside. */
  readonly cpus: readonly number[];
  /** What was read of its kernel, where it has its own. */
  readonly watched?: Watched;
}

/** The machine that a trial ran on, as gates see it. */
export interface GatedMachine {
  readonly boundary: Platform['boundary'];
  /** CPUs under test, as the host numbers them. */
  readonly cpus: readonly number[];
  /** Guests lose CPU time by design: there are several, or they are capped. */
  readonly rationed: boolean;
  /** The host is one of a lab, or the machine that runs `bench`: others may use it too. */
  readonly shared: boolean;
  /** The other end of a network suite runs on this machine too. */
  readonly servesItself: boolean;
  /** Undefined where the host could not be read before the start or after the end. */
  readonly watched: Watched | undefined;
  /** Controls whose values differ before and after the trial; undefined where none are in force. */
  readonly drift?: readonly Finding[];
}

/** The input of gates, once every guest of a trial has measured. */
export interface GateView {
  readonly guests: readonly GatedGuest[];
  /** Only of a trial of a workload. */
  readonly together?: {
    readonly workload: Pick<Workload, 'overlapLimit'>;
    readonly simultaneity: Simultaneity;
    /** More guests than CPUs, loads included: the scheduler must start them one after another. */
    readonly crowded: boolean;
  };
  /** Without it, gates on the machine do not apply. */
  readonly machine?: GatedMachine;
}

/**
 * What a gate reads: the value in its unit, or null where it cannot be read, with `detail` in words; `allowance` is
 * added to the threshold, `limit` replaces it unless the plan has one. `voids`: the trial is void regardless of value
 * and threshold, also on a shared machine.
 */
export interface GateValue {
  readonly value: number | null;
  readonly detail: string;
  readonly allowance?: number;
  readonly limit?: number | undefined;
  readonly voids?: boolean;
}

/** A check that voids a trial when its value is beyond a threshold. */
export interface Gate<Id extends string = string> {
  readonly id: Id;
  readonly unit: 'ms' | 'percent' | 'count' | 'pages';
  /** The default threshold; a plan or a workload may have another. */
  readonly limit: number;
  /** Which side of the threshold is void. */
  readonly voids: 'above' | 'below';
  /**
   * Whether it reads the guests or the whole machine. On a shared machine (a lab, or the one that runs `bench`) the work of
   * others is expected and would void every trial: there, readings of the machine are recorded and void nothing, unless
   * the plan has a threshold for the gate.
   */
  readonly scope: 'guests' | 'machine';
  readonly about: string;
  /** What a user does about trials that it voids. */
  readonly remedy: string;
  /** Pure. Undefined: the gate does not apply to such a trial. */
  read(view: GateView): GateValue | undefined;
}
