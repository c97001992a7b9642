import { z } from 'zod';
import { recordedProfileSchema } from './step.js';
import { count, instant, registryId, stored, text, texts, type Stored } from './stored.js';
import { targetSchema } from './system.js';
import { assignmentSchema } from './workload.js';

/** The format of stored plans: it goes up whenever an older `bench` would misread a newer plan, or the other way round. */
export const PLAN_FORMAT = 'bench-plan/2';

export const trialIdSchema = z.string().regex(/^t\d{4,6}$/);

const armSchema = z.enum(['a', 'b', 'detached']);
/**
 * Which of the measurements of one target a trial of a noise run belongs to: `a` and `b` are the same thing twice; in
 * `detached` the harness has no session to the host while the trial measures.
 */
export type Arm = z.output<typeof armSchema>;

const plannedTrialSchema = stored({
  id: trialIdSchema,
  /** Trials of a block are interleaved at random; every target of the block occurs once for each suite. */
  block: z.int().min(1),
  target: text,
  /** Id of the workload of several guests; absent where one suite runs in one guest. */
  workload: text.exactOptional(),
  assignments: z.tuple([assignmentSchema], assignmentSchema),
  /** Of a plan with `boots`: in which of the boots of its host it runs, from 1. */
  boot: z.int().min(1).exactOptional(),
  /** Of a noise run, see `noise` of the plan. */
  arm: armSchema.exactOptional(),
});
/** One trial of a plan: which suite runs in which guest, one guest or several at the same time. */
export type PlannedTrial = Stored<typeof plannedTrialSchema>;

export const gateReadingSchema = stored({
  /** Id of a gate: `harness/run/gates/index.ts` has those of this version. */
  gate: registryId,
  /** In the gate's own unit, which `limit` shares; null where it cannot be read, and `detail` has the reason. */
  value: z.number().nullable(),
  limit: z.number(),
  /** `noted`: beyond the limit, on a machine that is shared with others (a lab, the one that runs `bench`): voids nothing. */
  verdict: z.enum(['ok', 'void', 'noted', 'unavailable']),
  /** In words, with the place: `CPU 1: 12.3 % used by others`. */
  detail: text,
});
/** One gate's reading of one trial. */
export type GateReading = Stored<typeof gateReadingSchema>;

const versioned = stored({ id: text, version: z.number() });

const planSchema = stored({
  schema: z.literal(PLAN_FORMAT),
  seed: z.number(),
  profile: recordedProfileSchema,
  /** Only of profile `unknown`: the size that the imported output states, in words; absent where it states none. */
  size: text.exactOptional(),
  suites: z.array(versioned),
  workloads: z.array(versioned).exactOptional(),
  targets: z.array(targetSchema),
  /** Id of the target that others are compared with. */
  baseline: text.exactOptional(),
  /** Hosts that are emulated machines: their timings are no evidence about real ones. */
  emulated: texts.exactOptional(),
  /** Thresholds that differ from the defaults, by id of the gate. */
  gates: z.record(registryId, z.number()).exactOptional(),
  /** `abba`: two targets, in blocks of A B B A or B A A B. */
  order: z.enum(['balanced', 'abba']),
  /** Trials of a target and suite end early once every metric's 95 % interval is narrow enough; absent: fixed n. */
  precision: stored({ ciWidth: z.number(), minTrials: count, maxTrials: count }).exactOptional(),
  /** The trials of each target and benchmark are spread over so many boots of its host, each made by the run. */
  boots: z.int().min(1).exactOptional(),
  /** The level at which things are repeated: a fresh guest start for each trial (native: none). */
  replication: text,
  /** One target measured against itself: every trial has an `arm`. */
  noise: z.literal(true).exactOptional(),
  trials: z.array(plannedTrialSchema),
});
/** What will be done, fixed and hashed before the first trial. */
export type Plan = Stored<typeof planSchema>;

const benchVersionSchema = stored({
  version: text,
  /** Of the build, as git describes it: `-dirty` at its end where files were changed. Absent where it was in no clone. */
  commit: text.exactOptional(),
});
/** A version of `bench`. */
export type BenchVersion = Stored<typeof benchVersionSchema>;

/** The content of `plan.json`. */
export const storedPlanSchema = stored({
  run: text,
  created: instant,
  hash: text,
  /** The `bench` that made the run; not part of the hash. */
  bench: benchVersionSchema.exactOptional(),
  plan: planSchema,
});
/** A stored plan: `hash` is the SHA-256 of its canonical JSON. */
export type StoredPlan = Stored<typeof storedPlanSchema>;
