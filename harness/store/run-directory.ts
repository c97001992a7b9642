import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { benchVersion } from '../version.js';
import { BenchError, messageOf } from '../errors.js';
import { isFileOf } from '../trial/file-names.js';
import { MAX_RAW_BYTES } from '../trial/raw-file.js';
import type { Artifact, JournalEntry, LoadedRun, Plan, RunId, StoredPlan, TrialRecord } from '../types.js';
import { thisProcess } from '../process-identity.js';
import { canonicalJson, sha256 } from './canonical.js';
import { openLineLog, syncDirectory, UNFINISHED, writeDurably, type LineLog } from './durable.js';
import { claimRun, type ClaimOptions } from './claim.js';
import { checksumRegular, makeDirectories, readRegular } from './files.js';
import { checkRunId, RUN_FILES } from './layout.js';
import { listFolders } from './list.js';

/** A run that is being written: it only ever grows, and what a call stored survives a power cut once it returns. */
export interface OpenRun {
  readonly id: RunId;
  readonly directory: string;
  readonly stored: StoredPlan;
  journal(entry: JournalEntry): Promise<void>;
  /** Stores raw bytes under `raw/<name>`; the same bytes again are fine, other bytes get a name of their own. */
  keep(name: string, bytes: Uint8Array): Promise<Artifact>;
  /** What an earlier `keep`, perhaps of another process, stored under this name. */
  kept(name: string): Promise<{ readonly artifact: Artifact; readonly bytes: Uint8Array } | undefined>;
  /** Everything that was stored of an attempt, by earlier processes and launches, too. */
  keptOf(trial: string, attempt: number): Promise<readonly Artifact[]>;
  record(record: TrialRecord): Promise<void>;
  close(): Promise<void>;
}

/** SHA-256 of a plan's canonical JSON. */
export function planHash(plan: Plan): string {
  return sha256(canonicalJson(plan));
}

/**
 * Makes `runs/<id>/` with the plan, durable before anything is measured. `id` is
 * `<UTC time>-<first suite or workload>-<hash>`, of the plan and of this process, with a number behind it when this process
 * has made a run of the same plan in that second. Throws as `listRuns` does.
 */
export async function createRun(runsDir: string, plan: Plan, created: Date): Promise<OpenRun> {
  await listFolders(runsDir);
  return storing(runsDir, async () => {
    const hash = planHash(plan);
    await makeDirectories(runsDir);
    const stamp = created.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
    const { scope, pid } = await thisProcess();
    // Two processes that begin the same plan in the same second use different directories and guests on a host.
    const unique = sha256(`${created.toISOString()} ${scope} ${pid}`).slice(0, 4);
    const base = `${stamp}-${plan.suites[0]?.id ?? plan.workloads?.[0]?.id ?? 'empty'}-${hash.slice(0, 6)}${unique}`;
    const id = await makeDirectory(runsDir, base);
    const directory = join(runsDir, id);
    await mkdir(join(directory, RUN_FILES.raw));
    const stored: StoredPlan = { run: id, created: created.toISOString(), hash, bench: benchVersion(), plan };
    await writeDurably(join(directory, RUN_FILES.plan), `${JSON.stringify(stored, null, 2)}\n`);
    await syncDirectory(runsDir);
    return open(directory, stored);
  });
}

/**
 * Claims and opens the directory of an existing run, `runs/<stored.run>/`, for more records. The caller has had its plan
 * checked by `checkResumable`: else a copied directory would lead into the one it is a copy of. Records that were read
 * before this returns may be out of date.
 */
export async function reopenRun(runsDir: string, stored: StoredPlan, options: ClaimOptions = {}): Promise<OpenRun> {
  return storing(runsDir, async () => {
    const directory = join(runsDir, checkRunId(stored.run));
    for (const path of [directory, join(directory, RUN_FILES.raw)]) {
      if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is no directory`);
    }
    return open(directory, stored, options);
  });
}

/**
 * Whether a run may be resumed; returns its damage, which does not prevent that. Throws a `BenchError` of stage `config` when the directory was copied or renamed, or the plan was changed: its records would not be of one run.
 */
export function checkResumable({
  id,
  stored: plan,
  damage,
}: Pick<LoadedRun, 'id' | 'stored' | 'damage'>): readonly string[] {
  if (plan.run !== id) {
    throw new BenchError({
      stage: 'config',
      message: `run ${id} cannot be resumed: its directory was copied or renamed`,
      expected: `the directory name ${JSON.stringify(plan.run)}, as in ${RUN_FILES.plan}`,
      found: JSON.stringify(id),
      hint: 'give it its name back, or resume the run that it is a copy of',
    });
  }
  const found = planHash(plan.plan);
  if (found === plan.hash) return damage;
  throw new BenchError({
    stage: 'config',
    message: `run ${id} cannot be resumed: its plan was changed`,
    expected: `a plan with the hash ${JSON.stringify(plan.hash)}`,
    found,
    hint: `restore its ${RUN_FILES.plan}, or begin a new run`,
  });
}

async function open(directory: string, stored: StoredPlan, options: ClaimOptions = {}): Promise<OpenRun> {
  const claim = await claimRun(directory, options);
  const { records, journal } = await openClaimed(directory).catch(async (error: unknown) => {
    await claim.release();
    throw error;
  });
  return {
    id: stored.run,
    directory,
    stored: stored,
    journal: (entry) => storing(directory, () => journal.append(JSON.stringify(entry))),
    record: (record) =>
      storing(directory, async () => {
        await claim.check();
        await records.append(JSON.stringify(record));
      }),
    kept: (name) => storing(directory, () => kept(directory, name)),
    keptOf: (trial, attempt) => storing(directory, () => keptOf(directory, trial, attempt)),
    keep: (name, bytes) => storing(directory, () => keep(directory, name, bytes)),
    async close() {
      await records.close();
      await journal.close();
      await claim.release();
    },
  };
}

async function openClaimed(directory: string): ReturnType<typeof openLogs> {
  await removeUnfinished(directory);
  return openLogs(directory);
}

async function openLogs(directory: string): Promise<{ readonly records: LineLog; readonly journal: LineLog }> {
  const records = await openLineLog(join(directory, RUN_FILES.records));
  try {
    return { records, journal: await openLineLog(join(directory, RUN_FILES.journal)) };
  } catch (error) {
    await records.close();
    throw error;
  }
}

async function kept(directory: string, name: string): ReturnType<OpenRun['kept']> {
  const path = `${RUN_FILES.raw}/${name}`;
  const { bytes } = await readRegular(join(directory, path), MAX_RAW_BYTES);
  return bytes && { artifact: { path, bytes: bytes.length, sha256: sha256(bytes) }, bytes };
}

async function keptOf(directory: string, trial: string, attempt: number): Promise<readonly Artifact[]> {
  const names = (await readdir(join(directory, RUN_FILES.raw))).filter((name) => isFileOf(name, trial, attempt));
  const artifacts: Artifact[] = [];
  for (const name of names.sort()) {
    const path = `${RUN_FILES.raw}/${name}`;
    const found = await checksumRegular(join(directory, path), MAX_RAW_BYTES);
    if (found.why === undefined) artifacts.push({ path, bytes: found.length, sha256: found.sha256 });
  }
  return artifacts;
}

/** What a crash left of a file that was being written: it has another name until it is whole. */
async function removeUnfinished(directory: string): Promise<void> {
  const folder = join(directory, RUN_FILES.raw);
  for (const name of await readdir(folder))
    if (name.endsWith(UNFINISHED)) await rm(join(folder, name), { force: true });
}

async function keep(directory: string, name: string, bytes: Uint8Array): Promise<Artifact> {
  if (bytes.length > MAX_RAW_BYTES) {
    const found = `${bytes.length} bytes`;
    throw new BenchError({
      stage: 'fetch',
      message: `${name} is too large`,
      expected: `at most ${MAX_RAW_BYTES}`,
      found,
    });
  }
  const digest = sha256(bytes);
  const dot = name.lastIndexOf('.') < 1 ? name.length : name.lastIndexOf('.');
  for (let copy = 1; ; copy += 1) {
    const unique = copy === 1 ? name : `${name.slice(0, dot)}-${copy}${name.slice(dot)}`;
    const path = `${RUN_FILES.raw}/${unique}`;
    const existing = await readRegular(join(directory, path), MAX_RAW_BYTES);
    if (existing.bytes === undefined && existing.absent) await writeDurably(join(directory, path), bytes);
    // The name is taken by other bytes, or by something that is no regular file.
    else if (existing.bytes === undefined || sha256(existing.bytes) !== digest) continue;
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
    const message = messageOf(error);
    throw new BenchError({ stage: 'store', message: `cannot write to ${where}: ${message}` }, { cause: error });
  }
}
