import { z } from 'zod';
import { STAGES } from '../types/problem.js';
import type { JournalEntry, StoredPlan, TrialRecord } from '../types.js';

// A run directory may have been mailed by a stranger: what is read back is validated, not believed.

const json = z.json();
const text = z.string().max(100_000);
const instant = z.iso.datetime();
const names = z.array(text);

const finding = z.object({
  check: text,
  expected: text,
  found: text,
  verdict: z.enum(['ok', 'differs', 'unavailable']),
  hint: text.optional(),
});

const problem = z.object({
  stage: z.enum(STAGES),
  message: text,
  host: text.optional(),
  target: text.optional(),
  suite: text.optional(),
  expected: text.optional(),
  found: text.optional(),
  hint: text.optional(),
});

/** A path inside the run's directory: relative, no `..`, no surprises. */
const artifactPath = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*\/)*[A-Za-z0-9_@+=,][A-Za-z0-9._@+=, -]*$/,
    'is no path inside the run',
  );

const artifacts = z.array(
  z.object({ path: artifactPath, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
);

const outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('collected'), artifacts }),
  z.object({ status: z.literal('failed'), problem, artifacts }),
  z.object({ status: z.literal('void'), reason: text, artifacts }),
  z.object({ status: z.literal('skipped'), reason: text }),
]);

const installation = z.object({
  tools: z.record(
    text,
    z.object({ path: text, origin: z.enum(['target', 'project']), version: text, linkage: text.optional() }),
  ),
  env: z.record(text, text),
  data: z.record(text, json),
});

const count = z.int().min(0);
const limits = z.object({
  cpuWeight: z.number().optional(),
  cpuCap: z.number().optional(),
  cpuReservation: z.number().optional(),
});
const assignment = z.object({
  guest: count,
  suite: text,
  limits: limits.optional(),
  role: z.literal('load').optional(),
});
const clock = z.object({ offsetNs: z.number(), boundNs: z.number() });

const guestPart = z.object({
  assignment,
  name: text,
  installation: installation.optional(),
  expects: names,
  findings: z.array(finding),
  artifacts: z.array(artifactPath),
  clock: clock.optional(),
});

const simultaneity = z.object({
  guests: count,
  releaseSkewNs: z.number(),
  startSkewNs: z.number(),
  overlap: z.number(),
  boundNs: z.number(),
});

/**
 * Id of a platform or a gate, by its form only: a run names those of the version that made it, and stays readable where
 * a registry has others.
 */
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is no id');

const gateReading = z.object({
  gate: id,
  value: z.number().nullable(),
  limit: z.number(),
  verdict: z.enum(['ok', 'void', 'noted', 'unavailable']),
  detail: text,
});

const trialId = z.string().regex(/^t\d{4,6}$/);
const profile = z.enum(['paper', 'quick']);

const record = z.object({
  schema: z.literal('bench-record/2'),
  trial: trialId,
  attempt: z.int().min(1),
  block: z.int().min(1),
  target: text,
  benchmark: text,
  profile,
  origin: z.enum(['measured', 'imported', 'published']),
  started: instant,
  ended: instant,
  installation: installation.optional(),
  expects: names,
  findings: z.array(finding),
  guests: z.array(guestPart).optional(),
  simultaneity: simultaneity.optional(),
  gates: z.array(gateReading).optional(),
  boot: text.optional(),
  outcome,
  source: z.record(text, text).optional(),
});

const facts = z.record(text, json);

const journalEntry = z.discriminatedUnion('event', [
  z.object({ at: instant, event: z.enum(['opened', 'resumed', 'closed']), by: text }),
  z.object({
    at: instant,
    event: z.literal('launched'),
    trial: trialId,
    attempt: z.int().min(1),
    guest: text,
    part: count.optional(),
    dir: text,
    installation,
    expects: names,
    findings: z.array(finding),
    limitSeconds: z.number(),
  }),
  z.object({ at: instant, event: z.literal('facts'), of: text, facts }),
  z.object({ at: instant, event: z.literal('deviation'), trial: trialId.optional(), what: text }),
]);

const target = z.object({
  id: text,
  host: text,
  platform: id,
  shape: z.object({
    cpus: z.array(z.int().min(0)),
    memoryBytes: z.number().optional(),
    diskBytes: z.number().optional(),
    cpuWeight: z.number().optional(),
    cpuCap: z.number().optional(),
    cpuReservation: z.number().optional(),
  }),
  boot: text.optional(),
  peer: text.optional(),
  options: z.record(text, json),
  label: text.optional(),
  reproduces: text.optional(),
});

const storedPlan = z.object({
  run: text,
  created: instant,
  hash: text,
  plan: z.object({
    schema: z.literal('bench-plan/2'),
    seed: z.number(),
    profile,
    suites: z.array(z.object({ id: text, version: z.number() })),
    workloads: z.array(z.object({ id: text, version: z.number() })).optional(),
    emulated: names.optional(),
    gates: z.record(id, z.number()).optional(),
    precision: z.object({ ciWidth: z.number(), minTrials: count, maxTrials: count }).optional(),
    targets: z.array(target),
    baseline: text.optional(),
    order: z.enum(['randomized-blocks', 'abba']),
    replication: text,
    noise: z.literal(true).optional(),
    trials: z.array(
      z.object({
        id: trialId,
        block: z.int().min(1),
        target: text,
        workload: text.optional(),
        assignments: z.array(assignment).min(1),
        arm: z.enum(['a', 'b', 'detached']).optional(),
      }),
    ),
  }),
});

type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** One line of `records.jsonl`. */
export const readRecord = (line: string): Read<TrialRecord> => read<TrialRecord>(record, line);
/** One line of `journal.jsonl`. */
export const readJournalEntry = (line: string): Read<JournalEntry> => read<JournalEntry>(journalEntry, line);
/** The content of `plan.json`. */
export const readStoredPlan = (text: string): Read<StoredPlan> => read<StoredPlan>(storedPlan, text);

/**
 * Zod gives optional members the type `T | undefined`, which `exactOptionalPropertyTypes` tells apart from an absent
 * one; JSON has no `undefined`, so the types agree on everything that can be read.
 */
function read<T>(schema: z.ZodType, line: string): Read<T> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { ok: false, why: 'is not JSON' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data as T };
  const issue = result.error.issues[0];
  return { ok: false, why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'has another form'}` };
}
