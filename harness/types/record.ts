import { z } from 'zod';
import type { RunId } from './names.js';
import { gateReadingSchema, trialIdSchema, type StoredPlan } from './plan.js';
import { problemSchema } from './problem.js';
import { installationSchema, recordedProfileSchema } from './step.js';
import { count, instant, json, stored, text, texts, type Stored } from './stored.js';
import { findingSchema } from './system.js';
import { assignmentSchema, clockSchema, simultaneitySchema } from './workload.js';

/** The format of the lines of `records.jsonl`, as `PLAN_FORMAT` is that of plans. */
export const RECORD_FORMAT = 'bench-record/2';

/** A path inside the run's directory: relative, no `..`, no surprises. */
const artifactPath = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*\/)*[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*$/,
    'is no path inside the run',
  );

const artifactSchema = stored({
  /** Relative to the run's directory. */
  path: artifactPath,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type Artifact = Stored<typeof artifactSchema>;

const artifacts = z.array(artifactSchema);

const outcomeSchema = z.discriminatedUnion('status', [
  stored({ status: z.literal('collected'), artifacts }),
  stored({ status: z.literal('failed'), problem: problemSchema, artifacts }),
  stored({ status: z.literal('void'), reason: text, artifacts }),
  stored({ status: z.literal('skipped'), reason: text }),
]);
export type Outcome = Stored<typeof outcomeSchema>;

const guestRecordSchema = stored({
  assignment: assignmentSchema,
  name: text,
  installation: installationSchema.exactOptional(),
  expects: texts,
  findings: z.array(findingSchema),
  /** Paths of its artifacts, a subset of the record's. */
  artifacts: z.array(artifactPath),
  clock: clockSchema.exactOptional(),
});
/** One guest in the record of a trial of several. */
export type GuestRecord = Stored<typeof guestRecordSchema>;

/**
 * What a record of published values is of: one system of a publication, in what `benchmark` measures. It has no numbers:
 * reports read them from the data of the publication, each with its kind, so that a correction reaches every run.
 */
const publishedSchema = stored({
  /** Id of the publication: `soltesz2007`. */
  reference: text,
  /** The system as the publication calls it: `Xen3-UP`. */
  column: text,
});

/** A line of `records.jsonl`. */
export const recordSchema = stored({
  schema: z.literal(RECORD_FORMAT),
  trial: trialIdSchema,
  /** 1-based; a void trial is repeated with the next number. */
  attempt: z.int().min(1),
  block: z.int().min(1),
  target: text,
  /** Id of the suite; of a trial of several guests that of the workload, and `guests` has what each did. */
  benchmark: text,
  profile: recordedProfileSchema,
  /** `measured` by this harness, `imported` raw output, `published` values of a publication. */
  origin: z.enum(['measured', 'imported', 'published']),
  started: instant,
  ended: instant,
  installation: installationSchema.exactOptional(),
  /** Names of the metrics that the trial's steps promised. */
  expects: texts,
  findings: z.array(findingSchema),
  /** Only of a trial of several guests; what it has is then not repeated in the members above. */
  guests: z.array(guestRecordSchema).exactOptional(),
  /** As measured, when all guests came to measure. */
  simultaneity: simultaneitySchema.exactOptional(),
  gates: z.array(gateReadingSchema).exactOptional(),
  /** The boot of the host that it belongs to (/proc/sys/kernel/random/boot_id). */
  boot: text.exactOptional(),
  outcome: outcomeSchema,
  /** For imported trials: what the source states about itself. */
  source: z.record(text, text).exactOptional(),
  /** For published values, and only for these. */
  published: publishedSchema.exactOptional(),
});
/** One line of `records.jsonl`: how one attempt at one trial ended. Raw artifacts, never parsed samples. */
export type TrialRecord = Stored<typeof recordSchema>;

const factsSchema = z.record(text, json);
/** Facts by name. Each is what one command printed, read by one pure reader; null where it could not be read. */
export type Facts = Stored<typeof factsSchema>;

/** A line of `journal.jsonl`. */
export const journalEntrySchema = z.discriminatedUnion('event', [
  stored({ at: instant, event: z.enum(['opened', 'resumed', 'closed']), by: text }),
  stored({
    at: instant,
    /** Written before the agent starts: with it a later process can pick the trial up and record it. */
    event: z.literal('launched'),
    trial: trialIdSchema,
    attempt: z.int().min(1),
    guest: text,
    /** Number of the guest in its workload; absent: 0. */
    guestNumber: count.exactOptional(),
    /** Directory of the trial inside the guest. */
    dir: text,
    installation: installationSchema,
    expects: texts,
    findings: z.array(findingSchema),
    limitSeconds: z.number(),
  }),
  stored({
    at: instant,
    event: z.literal('facts'),
    of: text,
    /** The boot of the host in which they were read, as `boot` of records; absent where they are of no host. */
    boot: text.exactOptional(),
    facts: factsSchema,
  }),
  stored({
    at: instant,
    /** The run restarted a host. */
    event: z.literal('booted'),
    host: text,
    /** Id of the new boot, as `boot` of records. */
    boot: text,
    /** The boot profile that the host was restarted into; absent: its default. */
    profile: text.exactOptional(),
    /** Of a plan with `boots`: the ordinal that the boot has, as `boot` of planned trials. */
    ordinal: z.int().min(1).exactOptional(),
    /** From the order to restart until the host answered again. */
    seconds: z.number().min(0),
  }),
  stored({ at: instant, event: z.literal('deviation'), trial: trialIdSchema.exactOptional(), what: text }),
]);
/** One line of `journal.jsonl`: what happened between records, for resuming and for the report's provenance. */
export type JournalEntry = Stored<typeof journalEntrySchema>;

/**
 * The stored files of a run by their path in it. `get` may read the file again each time: who keeps the bytes of one trial
 * while it reads the next needs memory for both. A `Map` is one.
 */
export interface RawFiles extends Iterable<readonly [string, Uint8Array]> {
  readonly size: number;
  get(path: string): Uint8Array | undefined;
  values(): Iterable<Uint8Array>;
}

/** A run as the store reads it back; what reports start from. `raw` holds the bytes of every artifact by path. */
export interface LoadedRun {
  readonly id: RunId;
  readonly directory: string;
  readonly stored: StoredPlan;
  readonly records: readonly TrialRecord[];
  readonly journal: readonly JournalEntry[];
  readonly raw: RawFiles;
  /** Lines that could not be read, artifacts whose checksum does not match: shown, never ignored. */
  readonly damage: readonly string[];
}
