import { z } from 'zod';
import type { RawTrial } from './raw.js';
import type { ProfileId } from './step.js';
import type { Metric, Reading } from './suite.js';
import { count, stored, text, type Stored } from './stored.js';
import { limitsSchema, type Enforced, type Shape } from './system.js';

export const assignmentSchema = stored({
  guest: count,
  suite: text,
  /** Overrides of the target's shape for this guest. */
  limits: limitsSchema.exactOptional(),
  /**
   * `load`: it only disturbs. It starts just before the others, is ended by the harness once they have ended, and must
   * have been running for all of their time. Its suite's last measured step runs until it is ended.
   */
  role: z.literal('load').exactOptional(),
});
/** What one guest of a trial does. */
export type Assignment = Stored<typeof assignmentSchema>;

export const clockSchema = stored({
  offsetNs: z.number(),
  /** 0 where the guests share a kernel. */
  boundNs: z.number(),
});
/** How a guest's clock is turned into the common one: common = guest + `offsetNs`, to within `boundNs`. */
export type ClockOffset = Stored<typeof clockSchema>;

/** Instants of a trial in one guest: CLOCK_MONOTONIC of the guest in ns, as decimal digits, more than a double holds. */
export interface GuestTiming {
  /** The requested start instant. */
  readonly releasedNs: string;
  /** When the agent was awake and on a CPU after it, just before the first measured step. */
  readonly awakeNs: string;
  /** When the first measured step began: with more guests than CPUs the scheduler starts them one by one. */
  readonly startedNs: string;
  /** The end of the last measured step. */
  readonly endedNs: string;
  readonly steps: Readonly<Record<string, { readonly startNs: string; readonly endNs: string }>>;
}

/** One guest in a trial of several. */
export interface GuestTrial {
  readonly assignment: Assignment;
  readonly raw: RawTrial;
  readonly timing: GuestTiming;
  readonly clock: ClockOffset;
}

export const simultaneitySchema = stored({
  guests: count,
  /** Latest minus earliest instant of release, on the common clock: when the agents were to start their steps. */
  releaseSkewNs: z.number(),
  /** Latest minus earliest instant at which a first measured step began. */
  startSkewNs: z.number(),
  /** Length of the time in which all ran, over that from the first start to the last end. Loads count as running. */
  overlap: z.number(),
  /** How far each of these may be wrong because clocks differ: 0 where the guests share a kernel. */
  boundNs: z.number(),
});
/** How simultaneous the guests of one trial were, measured; in ns, over the guests that are no load. */
export type Simultaneity = Stored<typeof simultaneitySchema>;

/** Which suites run in which guests of a target at the same time, and the metrics of them together. */
export interface Workload<Name extends string = string> {
  /** Never the id of a suite: metrics are called `id/name` for both. */
  readonly id: string;
  readonly title: string;
  /** As of a suite. */
  readonly version: number;
  readonly about: string;
  readonly metrics: Readonly<Record<Name, Metric>>;
  /** Trials per target without a request of the user, and a guess for the time of one. */
  readonly profiles: Readonly<Record<ProfileId, { readonly trials: number; readonly expectedSeconds: number }>>;
  /** What platforms must enforce; targets of others are left out with a note in the plan. */
  readonly enforced: readonly Enforced[];
  /**
   * Percent of overlap below which a trial is void; default 95, for guests that run for a fixed time. Guests with a
   * fixed amount of work finish at different times on an unfair system: that is what such a workload measures, and
   * voiding these trials would leave only the fair ones. Trials in which they did not compete at all are still
   * reported.
   */
  readonly overlapLimit?: number;
  /** Pure: what each guest does, in guests of this shape. Guest numbers count from 0. */
  assign(shape: Shape): readonly Assignment[];
  /** Pure, throws nothing, as of a suite. */
  parse(guests: readonly GuestTrial[], simultaneity: Simultaneity): readonly Reading<Name>[];
}
