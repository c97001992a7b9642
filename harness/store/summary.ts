import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';
import type { Plan, RunId, StoredPlan, TrialRecord } from '../types.js';
import { loadPlan, OtherFormatError, readRecords } from './load.js';
import { listRuns, listTorsos } from './list.js';

/**
 * `complete`: every planned trial was collected, or was not needed; `partial`: some were; `void`: all were tried, and none was
 * collected; `other format`: another version of `bench` wrote it; `damaged`: a part of it cannot be read.
 */
type State = 'complete' | 'partial' | 'void' | 'other format' | 'damaged';

/** A run in a line. */
export interface RunSummary {
  readonly id: RunId;
  readonly state: State;
  /** Instant; absent, as the members below, where the plan cannot be read. */
  readonly created?: string;
  readonly targets?: readonly string[];
  /** Ids of suites and workloads. */
  readonly benchmarks?: readonly string[];
  readonly profile?: Plan['profile'];
  /** Planned trials by their last attempt; `pending` have none. */
  readonly trials?: Readonly<Record<'planned' | 'collected' | 'failed' | 'void' | 'skipped' | 'pending', number>>;
  /** Of all its files. */
  readonly bytes: number;
  /** Why it is `damaged` or `other format`. */
  readonly problem?: string;
}

/**
 * Every run in a folder, oldest first, and the folders that have lost their plan. Reads plans and records, and of raw
 * output only the sizes: whether its bytes are intact is not checked. Throws as `listRuns` does.
 */
export async function summarizeRuns(runsDir: string): Promise<readonly RunSummary[]> {
  const torsos = new Set(await listTorsos(runsDir));
  const found: RunSummary[] = [];
  // One at a time: each opens many files.
  for (const id of [...(await listRuns(runsDir)), ...torsos].sort()) found.push(await summarize(runsDir, id));
  return found;
}

async function summarize(runsDir: string, id: RunId): Promise<RunSummary> {
  const directory = join(runsDir, id);
  const bytes = await sizeOf(directory).catch(() => 0);
  let stored: StoredPlan;
  try {
    stored = await loadPlan(runsDir, id);
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    const state = error instanceof OtherFormatError ? 'other format' : 'damaged';
    return { id, state, bytes, problem: error.problem.message };
  }
  const damage: string[] = [];
  const records = await readRecords(directory, damage);
  const { created, plan } = stored;
  const trials = countTrials(plan, records);
  return {
    id,
    state: damage.length > 0 ? 'damaged' : stateOf(trials),
    created,
    targets: plan.targets.map((target) => target.id),
    benchmarks: [...plan.suites, ...(plan.workloads ?? [])].map((benchmark) => benchmark.id),
    profile: plan.profile,
    trials,
    bytes,
    ...(damage[0] === undefined ? {} : { problem: damage[0] }),
  };
}

type Counts = NonNullable<RunSummary['trials']>;

function countTrials({ trials }: Plan, records: readonly TrialRecord[]): Counts {
  const last = new Map<string, TrialRecord>();
  for (const record of records) {
    if (record.attempt >= (last.get(record.trial)?.attempt ?? 0)) last.set(record.trial, record);
  }
  const counts = { planned: trials.length, collected: 0, failed: 0, void: 0, skipped: 0, pending: 0 };
  for (const { id } of trials) counts[last.get(id)?.outcome.status ?? 'pending'] += 1;
  return counts;
}

function stateOf({ planned, collected, skipped, pending }: Counts): State {
  if (collected === 0) return pending > 0 ? 'partial' : 'void';
  return collected + skipped === planned ? 'complete' : 'partial';
}

/** Bytes of the regular files below a folder. */
async function sizeOf(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return sizeOf(path);
      return entry.isFile() ? (await lstat(path)).size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
