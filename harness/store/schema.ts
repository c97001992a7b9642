import type { z } from 'zod';
import { PLAN_FORMAT, storedPlanSchema } from '../types/plan.js';
import { journalEntrySchema, RECORD_FORMAT, recordSchema } from '../types/record.js';
import type { Stored } from '../types/stored.js';
import type { JournalEntry, StoredPlan, TrialRecord } from '../types.js';

/** What was read, or the reason why it cannot be; with both formats when another version of `bench` wrote it. */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly format?: OtherFormat };

/** One line of `records.jsonl`. */
export const readRecord = (line: string): Read<TrialRecord> => {
  const value = parse(line);
  return read(recordSchema, value, otherFormat(value, RECORD_FORMAT));
};

/** One line of `journal.jsonl`. */
export const readJournalEntry = (line: string): Read<JournalEntry> => read(journalEntrySchema, parse(line));

/** The content of `plan.json`. */
export const readStoredPlan = (text: string): Read<StoredPlan> => {
  const value = parse(text);
  return read(storedPlanSchema, value, otherFormat(member(value, 'plan'), PLAN_FORMAT));
};

function read<Schema extends z.ZodType>(schema: Schema, value: unknown, other?: OtherFormat): Read<Stored<Schema>> {
  if (value === undefined) return { ok: false, why: 'is not JSON' };
  if (other !== undefined) {
    return { ok: false, why: `is in format ${other.found}; this version of bench reads ${other.read}`, format: other };
  }
  const result = schema.safeParse(value);
  // Read-only is a promise of the type, not of the value.
  if (result.success) return { ok: true, value: result.data as Stored<Schema> };
  const issue = result.error.issues[0];
  return { ok: false, why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'has another form'}` };
}

/** The format that was found, and the one that this version reads. */
export interface OtherFormat {
  readonly found: string;
  readonly read: string;
}

/** The format of a stored value when it is another version of the one that is read: `bench-plan/1`. */
function otherFormat(value: unknown, read: string): OtherFormat | undefined {
  const found = member(value, 'schema');
  const family = read.slice(0, read.indexOf('/') + 1);
  if (typeof found !== 'string' || found === read || !found.startsWith(family)) return undefined;
  return /^[a-z-]+\/\d{1,6}$/.test(found) ? { found, read } : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** `undefined` for what is not JSON, which has no such value. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
