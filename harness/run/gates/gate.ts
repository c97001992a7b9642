import type { AccountedTrial } from '../../trial/raw-trial.js';
import type { Watched } from '../../host/vitals/watched.js';
import type { Assignment, Finding, Platform, Simultaneity, Workload } from '../../types.js';

/** One guest as gates see it. */
export interface GatedGuest {
  readonly assignment: Assignment;
  readonly raw: AccountedTrial;
  /** CPUs that it was pinned to, as numbered inside. */
  readonly cpus: readonly number[];
  /** What happened in its kernel, where that is not the host's. */
  readonly watched?: Watched;
}

/** The machine that a trial ran on, as gates see it. */
export interface GatedMachine {
  readonly boundary: Platform['boundary'];
  /** CPUs under test, as the host numbers them. */
  readonly cpus: readonly number[];
  /** Guests of a hypervisor that is to keep them from the CPU by design: there are several, or they are capped. */
  readonly rationed: boolean;
  /** The host is one of a lab, or the machine that runs `bench`: others use it, too, and may. */
  readonly shared: boolean;
  /** The other end of a network suite runs on this machine, too. */
  readonly servesItself: boolean;
  /** Undefined where the host was not looked at before the start or not after the end. */
  readonly watched: Watched | undefined;
  /** Controls that read otherwise after the trial than before it; undefined where there are none in force. */
  readonly drift?: readonly Finding[];
}

/** All that gates may look at, once every guest of a trial has measured. */
export interface GateView {
  readonly guests: readonly GatedGuest[];
  /** Only of a trial of a workload. */
  readonly together?: {
    readonly workload: Pick<Workload, 'overlapLimit'>;
    readonly simultaneity: Simultaneity;
    /** More guests than CPUs, loads included: the scheduler must start them one after another. */
    readonly crowded: boolean;
  };
  /** Absent: gates on the machine read nothing. */
  readonly machine?: GatedMachine;
}

/**
 * What a gate reads: the value in its unit, or null where it cannot be read, with `detail` in words; `allowance` is added
 * to the threshold, `limit` replaces it unless the plan has one.
 */
export interface GateValue {
  readonly value: number | null;
  readonly detail: string;
  readonly allowance?: number;
  readonly limit?: number | undefined;
}

/** A reason to void a trial, with the threshold beyond which it is one. */
export interface Gate<Id extends string = string> {
  readonly id: Id;
  readonly unit: 'ms' | 'percent' | 'count' | 'pages';
  /** The threshold unless the plan has another; a workload may have its own. */
  readonly limit: number;
  /** Which side of the threshold is void. */
  readonly voids: 'above' | 'below';
  /**
   * Whether it is the guests that it looks at, or the whole machine. On a machine that is shared (a lab, the one that runs
   * `bench`) what others do is no surprise, and voiding would leave nothing: readings of the latter are recorded there and
   * void nothing, unless the plan names the gate.
   */
  readonly of: 'guests' | 'machine';
  readonly about: string;
  /** Pure. Undefined: the gate does not apply to such a trial. */
  read(view: GateView): GateValue | undefined;
}
