import type { LoadedRun, RawText, Reading, Simultaneity, Suite, TrialRecord, Workload } from '../types.js';
import { isWorkload, type Benchmark } from './benchmark.js';
import { completeReadings } from './complete-readings.js';
import type { TrialFile } from './file-names.js';
import { readGuest, type GuestReading } from './guest-trial.js';

/**
 * What was read from one attempt at a trial. `readings` has every metric of the trial once, as a value or as missing, see
 * `completeReadings`.
 */
export type TrialReading =
  | {
      readonly status: 'read';
      readonly readings: readonly Reading[];
      /** Empty where the trial was not measured by this harness. */
      readonly guests: readonly GuestReading[];
      /** Only of a trial of a workload. */
      readonly simultaneity?: Simultaneity;
      /** What is odd about it; the readings can be used. */
      readonly problems: readonly string[];
    }
  /** Something that the readings depend on is missing, damaged or unknown: every promised metric is missing. */
  | {
      readonly status: 'unreadable';
      readonly readings: readonly Extract<Reading, { missing: string }>[];
      readonly problems: readonly [string];
    }
  /** The attempt failed, is void or was skipped: nothing is read from it. */
  | { readonly status: 'not-collected'; readonly readings: readonly []; readonly problems: readonly [] };

/** Bytes of stored files by their path in the run; files that are damaged are not in it. */
export type TrialFiles = LoadedRun['raw'];

/** What interprets the files of a record. */
export interface TrialReaders {
  /** The suite or workload of the record; undefined when this version does not know it. */
  readonly benchmark: Benchmark | undefined;
}

/**
 * Reads the readings of a recorded trial from its stored files. Reports, the rule on precision and the display of a run
 * all use it, so that they see the same numbers. Pure, and never throws: files come from hosts, and anything wrong with
 * one makes this trial unreadable, with the reason.
 */
export function readTrial(record: TrialRecord, files: TrialFiles, readers: TrialReaders): TrialReading {
  if (record.outcome.status !== 'collected') return { status: 'not-collected', readings: [], problems: [] };
  const promised = promisedMetrics(record, readers.benchmark);
  try {
    const benchmark = benchmarkOf(record, readers.benchmark);
    const read = readByOrigin(record, files, benchmark);
    return { ...read, status: 'read', readings: completeReadings(promised, read.readings, benchmark.metrics) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const readings = promised.map((metric) => ({ metric, missing: `the trial cannot be read: ${why}` }));
    return { status: 'unreadable', readings, problems: [why] };
  }
}

/** Names of the metrics that a trial promised: those of its steps; of several guests, all metrics of their workload. */
export function promisedMetrics(record: TrialRecord, benchmark: Benchmark | undefined): readonly string[] {
  if (record.guests === undefined || record.expects.length > 0) return record.expects;
  return Object.keys(benchmark?.metrics ?? {});
}

function benchmarkOf(record: TrialRecord, benchmark: Benchmark | undefined): Benchmark {
  const kind = record.guests === undefined ? 'suite' : 'workload';
  if (benchmark === undefined || isWorkload(benchmark) !== (kind === 'workload')) {
    throw new Error(`there is no ${kind} ${record.benchmark} in this version`);
  }
  return benchmark;
}

type Read = Omit<Extract<TrialReading, { status: 'read' }>, 'status'>;

function readByOrigin(record: TrialRecord, files: TrialFiles, benchmark: Benchmark): Read {
  if (isWorkload(benchmark)) return readWorkload(record, files, benchmark);
  switch (record.origin) {
    case 'measured':
      return readSuite(record, files, benchmark);
    case 'imported':
      return readImported(record, files, benchmark);
    case 'published':
      throw new Error('published values can be read by reports only');
  }
}

function readSuite(record: TrialRecord, files: TrialFiles, suite: Suite): Read {
  const paths = artifactPaths(record);
  if (paths.length === 0) throw new Error('the trial was collected and has no raw file');
  const { installation, profile, boot } = record;
  if (installation === undefined) throw new Error('the record does not contain what was installed');
  const assignment = { guest: 0, suite: suite.id };
  const guest = readGuest({ assignment, installation, boot }, usable(files, paths), profile);
  return { readings: suite.parse(guest.raw), guests: [guest], problems: [] };
}

function readWorkload(record: TrialRecord, files: TrialFiles, workload: Workload): Read {
  const { guests: recorded = [], simultaneity, profile, boot } = record;
  if (recorded.length === 0) throw new Error('the record does not contain its guests');
  if (simultaneity === undefined) throw new Error('the record does not contain how simultaneous its guests were');
  usable(files, artifactPaths(record));
  const guests = recorded.map((guest) => readGuest({ ...guest, boot }, usable(files, guest.artifacts), profile));
  return { readings: workload.parse(guests, simultaneity), guests, simultaneity, problems: [] };
}

function readImported(record: TrialRecord, files: TrialFiles, suite: Suite): Read {
  if (suite.recognize === undefined) throw new Error(`suite ${suite.id} reads no output that was measured elsewhere`);
  const texts = usable(files, artifactPaths(record)).map(({ path, bytes }): RawText => {
    return { text: new TextDecoder().decode(bytes), file: path, firstLine: 1 };
  });
  const found = suite.recognize(texts);
  const own = found.length > 1 ? found.filter((trial) => isSame(trial.source, record.source ?? {})) : found;
  const chosen = own.length === 1 ? own : found;
  const problems =
    chosen.length > 1 ? [`${chosen.length} trials in the files of one record: only the first is used`] : [];
  return { readings: chosen[0]?.readings ?? [], guests: [], problems };
}

function artifactPaths({ outcome }: TrialRecord): readonly string[] {
  return outcome.status === 'collected' ? outcome.artifacts.map(({ path }) => path) : [];
}

/** The files with these paths. Throws an `Error` unless all can be used. */
function usable(files: TrialFiles, paths: readonly string[]): TrialFile[] {
  return paths.map((path) => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`${path}: cannot be used, see the damage of the run`);
    return { path, bytes };
  });
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
