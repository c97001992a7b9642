import { platformFacts } from '../platforms/facts.js';
import { driverOf } from '../platforms/index.js';
import { canonicalJson, createRun, listRuns, loadRun, planHash, sha256 } from '../store/index.js';
import type { Artifact, JournalEntry, LoadedRun, Plan, RunId, TrialRecord } from '../types.js';

/** A raw file as the run will keep it: `name` is below `raw/`. */
export interface KeptFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A record without what the store adds: the artifacts of the files that it names. */
export interface ForeignRecord {
  readonly record: Omit<TrialRecord, 'outcome'>;
  readonly files: readonly string[];
}

export interface ForeignRun {
  readonly plan: Plan;
  readonly files: readonly KeptFile[];
  readonly records: readonly ForeignRecord[];
  /** Who imports, for the run's journal. */
  readonly by: string;
}

/** The directory of a run, and whether it was there before with the same content. */
export interface RecordedRun {
  readonly run: RunId;
  readonly directory: string;
  readonly before: boolean;
}

/**
 * Writes a run of trials that this harness did not carry out. The same content again makes no second run: its values
 * would count twice in every report.
 */
export async function recordRun(runsDir: string, foreign: ForeignRun, now: Date): Promise<RecordedRun> {
  const existing = await findEqual(runsDir, foreign);
  if (existing !== undefined) return { run: existing.id, directory: existing.directory, before: true };
  const run = await createRun(runsDir, foreign.plan, now);
  const entry = { at: now.toISOString(), by: foreign.by };
  try {
    await run.journal({ ...entry, event: 'opened' });
    for (const facts of platformEntries(foreign.plan, entry.at)) await run.journal(facts);
    const artifacts = new Map<string, Artifact>();
    for (const { name, bytes } of foreign.files) artifacts.set(name, await run.keep(name, bytes));
    for (const { record, files } of foreign.records) {
      const own = files.flatMap((name) => artifacts.get(name) ?? []);
      await run.record({ ...record, outcome: { status: 'collected', artifacts: own } });
    }
    await run.journal({ ...entry, event: 'closed' });
  } finally {
    await run.close();
  }
  return { run: run.id, directory: run.directory, before: false };
}

/** A foreign run as the store would load it, without storing it. `id` is that of no stored run. Pure. */
export function asLoaded({ plan, files, records, by }: ForeignRun, id: RunId, at: string): LoadedRun {
  const raw = new Map(files.map(({ name, bytes }) => [`raw/${name}`, bytes]));
  const artifact = ({ name, bytes }: KeptFile): Artifact => ({
    path: `raw/${name}`,
    bytes: bytes.length,
    sha256: sha256(bytes),
  });
  return {
    id,
    directory: '',
    stored: { run: id, created: at, hash: planHash(plan), plan },
    records: records.map(({ record, files: own }) => ({
      ...record,
      outcome: { status: 'collected', artifacts: files.filter(({ name }) => own.includes(name)).map(artifact) },
    })),
    journal: [{ at, by, event: 'opened' }, ...platformEntries(plan, at), { at, by, event: 'closed' }],
    raw,
    damage: [],
  };
}

/** What reports must know of the platforms of a plan. */
function platformEntries({ targets }: Plan, at: string): readonly JournalEntry[] {
  return [...new Set(targets.map(({ platform }) => platform))].flatMap((id): JournalEntry[] => {
    const driver = driverOf(id);
    return driver === undefined ? [] : [{ at, event: 'facts', of: `platform ${id}`, facts: platformFacts(driver) }];
  });
}

async function findEqual(runsDir: string, foreign: ForeignRun): Promise<LoadedRun | undefined> {
  const hash = planHash(foreign.plan);
  // The plan's hash is in the name of its run: only these few are read.
  const candidates = (await listRuns(runsDir)).filter((id) => id.includes(`-${hash.slice(0, 6)}`));
  const wanted = fingerprint(foreign.records.map(({ record }) => record));
  for (const id of candidates) {
    const run = await loadRun(runsDir, id);
    if (run.stored.hash !== hash || run.damage.length > 0 || fingerprint(run.records) !== wanted) continue;
    // Under other names they are the same measurement, too.
    const stored = digestsOf(run.raw.values());
    if (digestsOf(foreign.files.map(({ bytes }) => bytes)) === stored) return run;
  }
  return undefined;
}

/** What makes two records the same but for when they were written. */
function fingerprint(records: readonly Omit<TrialRecord, 'outcome'>[]): string {
  return canonicalJson(
    records.map(({ trial, target, benchmark, origin, source, published }) => ({
      ...{ trial, target, benchmark, origin },
      source: source ?? published,
    })),
  );
}

/** The contents of files, regardless of their names and order. */
function digestsOf(files: Iterable<Uint8Array>): string {
  return [...files].map(sha256).sort().join(' ');
}
