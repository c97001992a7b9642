import { join } from 'node:path';
import { BenchError, messageOf } from '../errors.js';
import type { JournalEntry, LoadedRun, RunId, StoredPlan, TrialRecord } from '../types.js';
import { readRegular } from './files.js';
import { findRawFiles } from './raw-files.js';
import { findStrays } from './strays.js';
import { checkRunId, RUN_FILES } from './layout.js';
import { planHash } from './run-directory.js';
import { readJournalEntry, readRecord, readStoredPlan, type OtherFormat, type Read } from './schema.js';

/** Bytes of a plan, records or a journal at most: thousands of trials are some megabytes. */
const TEXT_BYTES = 256 * 1024 ** 2;

/**
 * Reads a run back; its raw files are checked now, and read when they are used. `damage` names a line that cannot be read, a
 * second record of an attempt, an artifact that is missing or changed, a file that no record names, a plan that is not the
 * one that was hashed, and a directory that is not where the run was made; the rest of the run is read. Only regular files
 * of a sane size are read. Throws a `BenchError` of stage `store` when there is no readable plan, and an
 * `OtherFormatError` when the plan or a record is in the format of another version.
 */
export async function loadRun(runsDir: string, id: RunId): Promise<LoadedRun> {
  const directory = join(runsDir, checkRunId(id));
  const damage: string[] = [];
  const plan = await loadPlan(runsDir, id);
  if (plan.run !== id) damage.push(`${RUN_FILES.plan}: is of run ${plan.run}: the directory was copied or renamed`);
  if (planHash(plan.plan) !== plan.hash) damage.push(`${RUN_FILES.plan}: the plan is not the one that was hashed`);
  const readOne = ofThisFormat(id, onceEach(readRecord));
  const records = await loadLines<TrialRecord>(directory, RUN_FILES.records, readOne, damage);
  const journal = await loadLines<JournalEntry>(directory, RUN_FILES.journal, readJournalEntry, damage);
  const files = await findRawFiles(directory, records);
  damage.push(...files.damage, ...(await findStrays(directory, records, journal)));
  return { id, directory, stored: plan, records, journal, raw: files.raw, damage };
}

/**
 * The records of a run so far, as far as they can be read; for a run that is still being written. Adds a line to `damage`
 * for each that cannot be.
 */
export function readRecords(directory: string, damage: string[] = []): Promise<readonly TrialRecord[]> {
  return loadLines<TrialRecord>(directory, RUN_FILES.records, onceEach(readRecord), damage);
}

/** The plan of a run, without the rest. Throws where there is none that can be read. */
export async function loadPlan(runsDir: string, id: RunId): Promise<StoredPlan> {
  const path = join(runsDir, checkRunId(id), RUN_FILES.plan);
  const content = await readText(path);
  if (content.text === undefined) {
    throw new BenchError({
      stage: 'store',
      message: `there is no run ${id}: ${path} ${content.why}`,
      hint: 'see the folder given by --runs-dir',
    });
  }
  const read = readStoredPlan(content.text);
  if (read.ok) return read.value;
  if (read.format !== undefined) throw new OtherFormatError(id, read.format);
  throw new BenchError({ stage: 'store', message: `${path} is no plan: ${read.why}` });
}

/** A run that another version of `bench` wrote. There is one reader, of one format: such a run is refused as a whole. */
export class OtherFormatError extends BenchError {
  constructor(run: RunId, { found, read }: OtherFormat) {
    super({
      stage: 'config',
      message: `run ${run} is in format ${found}; this version of bench reads ${read}`,
      hint: 'read it with the version of bench that wrote it, or measure again',
    });
  }
}

type ReadLine<T> = (line: string) => Read<T>;

/** An attempt that was recorded twice, as after a flush that failed, counts once: the first time. */
function onceEach(read: ReadLine<TrialRecord>): ReadLine<TrialRecord> {
  const seen = new Set<string>();
  return (line) => {
    const result = read(line);
    if (!result.ok) return result;
    const { trial, attempt } = result.value;
    const name = `${trial}.${attempt}`;
    if (seen.has(name)) return { ok: false, why: `attempt ${name} is recorded already, the first record counts` };
    seen.add(name);
    return result;
  };
}

/** Refuses the run at its first line of another format. */
function ofThisFormat<T>(run: RunId, read: ReadLine<T>): ReadLine<T> {
  return (line) => {
    const result = read(line);
    if (!result.ok && result.format !== undefined) throw new OtherFormatError(run, result.format);
    return result;
  };
}

async function loadLines<T>(directory: string, file: string, read: ReadLine<T>, damage: string[]): Promise<T[]> {
  const content = await readText(join(directory, file));
  if (content.text === undefined) {
    // Cut short just after its plan was written, a run has no lines yet.
    if (!content.absent) damage.push(`${file}: ${content.why}`);
    return [];
  }
  const values: T[] = [];
  for (const [index, line] of content.text.split('\n').entries()) {
    if (line === '') continue;
    const result = read(line);
    if (result.ok) values.push(result.value);
    else damage.push(`${file}:${index + 1}: ${result.why}`);
  }
  return values;
}

type Text = { readonly text: string } | { readonly text?: never; readonly absent: boolean; readonly why: string };

async function readText(path: string): Promise<Text> {
  try {
    const reading = await readRegular(path, TEXT_BYTES);
    return reading.bytes === undefined ? reading : { text: reading.bytes.toString('utf8') };
  } catch (error) {
    return { absent: false, why: `cannot be read: ${messageOf(error)}` };
  }
}
