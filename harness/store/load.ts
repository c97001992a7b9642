import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';
import type { Artifact, JournalEntry, LoadedRun, RunId, StoredPlan, TrialRecord } from '../types.js';
import { sha256 } from './canonical.js';
import { checkRunId, planHash, RUN_FILES } from './run-directory.js';
import { readJournalEntry, readRecord, readStoredPlan } from './schema.js';

/** Raw files read at once: enough to keep a disk busy, well below the limit of open files. */
const READS_AT_ONCE = 32;

/**
 * Reads a run back. A line that cannot be read, an artifact that is missing or changed, and a plan that is not the one
 * that was hashed are named in `damage`; the rest of the run stands. Throws when there is no readable plan.
 */
export async function loadRun(runsDir: string, id: RunId): Promise<LoadedRun> {
  const directory = join(runsDir, checkRunId(id));
  const damage: string[] = [];
  const plan = await loadPlan(directory, id);
  if (planHash(plan.plan) !== plan.hash) damage.push(`${RUN_FILES.plan}: the plan is not the one that was hashed`);
  const records = await loadLines<TrialRecord>(directory, RUN_FILES.records, readRecord, damage);
  const journal = await loadLines<JournalEntry>(directory, RUN_FILES.journal, readJournalEntry, damage);
  const raw = await loadRaw(directory, records, damage);
  return { id, directory, plan, records, journal, raw, damage };
}

async function loadPlan(directory: string, id: RunId): Promise<StoredPlan> {
  const path = join(directory, RUN_FILES.plan);
  const content = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new BenchError({
      stage: 'store',
      message: `there is no run ${id}: ${error instanceof Error ? error.message : String(error)}`,
      hint: 'see the folder given by --runs-dir',
    });
  });
  const read = readStoredPlan(content);
  if (!read.ok) throw new BenchError({ stage: 'store', message: `${path} is no plan: ${read.why}` });
  return read.value;
}

async function loadLines<T>(
  directory: string,
  file: string,
  read: (line: string) => { ok: true; value: T } | { ok: false; why: string },
  damage: string[],
): Promise<T[]> {
  const content = await readFile(join(directory, file), 'utf8').catch(() => '');
  const values: T[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line === '') continue;
    const result = read(line);
    if (result.ok) values.push(result.value);
    else damage.push(`${file}:${index + 1}: ${result.why}`);
  }
  return values;
}

async function loadRaw(
  directory: string,
  records: readonly TrialRecord[],
  damage: string[],
): Promise<Map<string, Uint8Array>> {
  const wanted = records.flatMap((record) => (record.outcome.status === 'skipped' ? [] : record.outcome.artifacts));
  const read: (Uint8Array | string)[] = [];
  const queue = wanted.entries();
  const worker = async (): Promise<void> => {
    for (const [index, artifact] of queue) read[index] = await readArtifact(directory, artifact);
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
  const raw = new Map<string, Uint8Array>();
  for (const [index, { path }] of wanted.entries()) {
    const content = read[index] ?? '';
    if (typeof content === 'string') damage.push(`${path}: ${content}`);
    else raw.set(path, content);
  }
  return raw;
}

/** The bytes of an artifact, or why they cannot be trusted. */
async function readArtifact(directory: string, artifact: Artifact): Promise<Uint8Array | string> {
  const bytes = await readFile(join(directory, artifact.path)).catch(() => undefined);
  if (bytes === undefined) return 'is missing';
  return sha256(bytes) === artifact.sha256 ? bytes : 'is not what was stored (its checksum differs)';
}
