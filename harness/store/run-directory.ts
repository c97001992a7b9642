import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';
import type { Artifact, JournalEntry, Plan, RunId, StoredPlan, TrialRecord } from '../types.js';
import { canonicalJson, sha256 } from './canonical.js';
import { openLineLog, syncDirectory, writeDurably } from './durable.js';
import { claimRun } from './claim.js';

/** Files of a run directory; everything else in it is raw output under `raw/`. */
export const RUN_FILES = { plan: 'plan.json', records: 'records.jsonl', journal: 'journal.jsonl', raw: 'raw' } as const;

/** A run that is being written: it only ever grows, and what a call stored survives a power cut once it returns. */
export interface OpenRun {
  readonly id: RunId;
  readonly directory: string;
  readonly plan: StoredPlan;
  journal(entry: JournalEntry): Promise<void>;
  /** Stores raw bytes under `raw/<name>`; the same bytes again are fine, other bytes get a name of their own. */
  keep(name: string, bytes: Uint8Array): Promise<Artifact>;
  /** What an earlier `keep`, perhaps of another process, stored under this name. */
  kept(name: string): Promise<{ readonly artifact: Artifact; readonly bytes: Uint8Array } | undefined>;
  record(record: TrialRecord): Promise<void>;
  close(): Promise<void>;
}

/** SHA-256 of a plan's canonical JSON. */
export function planHash(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Throws a `BenchError` of stage `config` unless the text can name a run (and so a folder). */
export function checkRunId(id: string): RunId {
  if (RUN_ID.test(id)) return id;
  throw new BenchError({
    stage: 'config',
    message: 'that is no name of a run',
    expected: 'letters, digits, dots, dashes',
    found: JSON.stringify(id),
  });
}

/**
 * Makes `runs/<id>/` with the plan, durable before anything is measured. `id` is `<UTC time>-<first suite>-<hash>`, with
 * a number behind it when that second has seen the same plan before.
 */
export async function createRun(runsDir: string, plan: Plan, created: Date): Promise<OpenRun> {
  return storing(runsDir, async () => {
    const hash = planHash(plan);
    await mkdir(runsDir, { recursive: true });
    const stamp = created.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const base = `${stamp}-${plan.suites[0]?.id ?? 'empty'}-${hash.slice(0, 6)}`;
    const id = await makeDirectory(runsDir, base);
    const directory = join(runsDir, id);
    await mkdir(join(directory, RUN_FILES.raw));
    const stored: StoredPlan = { run: id, created: created.toISOString(), hash, plan };
    await writeDurably(join(directory, RUN_FILES.plan), `${JSON.stringify(stored, null, 2)}\n`);
    await syncDirectory(runsDir);
    return open(directory, stored);
  });
}

/** Opens an existing run for more records. The caller has read its plan with `loadRun`. */
export async function reopenRun(runsDir: string, stored: StoredPlan): Promise<OpenRun> {
  return storing(runsDir, () => open(join(runsDir, checkRunId(stored.run)), stored));
}

/** The runs in a folder, oldest first; a folder that does not exist has none. */
export async function listRuns(runsDir: string): Promise<RunId[]> {
  const entries = await readdir(runsDir, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const runs: RunId[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || !RUN_ID.test(entry.name)) continue;
    const plan = await stat(join(runsDir, entry.name, RUN_FILES.plan)).catch(() => undefined);
    if (plan?.isFile() === true) runs.push(entry.name);
  }
  return runs.sort();
}

async function open(directory: string, stored: StoredPlan): Promise<OpenRun> {
  const release = await claimRun(directory);
  const records = await openLineLog(join(directory, RUN_FILES.records));
  const journal = await openLineLog(join(directory, RUN_FILES.journal));
  return {
    id: stored.run,
    directory,
    plan: stored,
    journal: (entry) => storing(directory, () => journal.append(JSON.stringify(entry))),
    record: (record) => storing(directory, () => records.append(JSON.stringify(record))),
    async kept(name) {
      const path = `${RUN_FILES.raw}/${name}`;
      const bytes = await readFile(join(directory, path)).catch(() => undefined);
      return bytes && { artifact: { path, bytes: bytes.length, sha256: sha256(bytes) }, bytes };
    },
    keep: (name, bytes) => storing(directory, () => keep(directory, name, bytes)),
    async close() {
      await records.close();
      await journal.close();
      await release();
    },
  };
}

async function keep(directory: string, name: string, bytes: Uint8Array): Promise<Artifact> {
  const digest = sha256(bytes);
  const dot = name.lastIndexOf('.') < 1 ? name.length : name.lastIndexOf('.');
  for (let copy = 1; ; copy += 1) {
    const unique = copy === 1 ? name : `${name.slice(0, dot)}-${copy}${name.slice(dot)}`;
    const path = `${RUN_FILES.raw}/${unique}`;
    const existing = await readFile(join(directory, path)).catch(() => undefined);
    if (existing === undefined) await writeDurably(join(directory, path), bytes);
    else if (sha256(existing) !== digest) continue;
    return { path, bytes: bytes.length, sha256: digest };
  }
}

async function makeDirectory(runsDir: string, base: string): Promise<RunId> {
  for (let copy = 1; ; copy += 1) {
    const id = copy === 1 ? base : `${base}-${copy}`;
    try {
      await mkdir(join(runsDir, id));
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A failure of the disk becomes one that names the folder. */
async function storing<T>(where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof BenchError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new BenchError({ stage: 'store', message: `cannot write to ${where}: ${message}` }, { cause: error });
  }
}
