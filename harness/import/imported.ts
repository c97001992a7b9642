import { BenchError, messageOf } from '../errors.js';
import { canonicalJson } from '../store/index.js';
import type { ForeignTrial, Plan, ProfileId, RawText, Suite, TargetConfig } from '../types.js';
import type { ForeignFile } from './foreign-files.js';
import { foreignProfile, sizeFindings } from './foreign-profile.js';
import type { ForeignRecord, ForeignRun } from './record-run.js';

export interface ImportRequest {
  readonly suite: Suite;
  readonly target: TargetConfig;
  /** Absent: that of the sizes that the files state. */
  readonly profile?: ProfileId | undefined;
  readonly files: readonly ForeignFile[];
  readonly by: string;
  readonly now: Date;
}

/** The path in its run of a file of this name. */
const inRun = (name: string): string => `raw/${name}`;

/**
 * Raw output that was measured elsewhere, as a run: one trial for each that the suite recognizes, with its files as they
 * are. The suite's parser reads them again for every report, so a correction reaches imported runs, too. Pure; throws
 * when the suite does not know a file, as `foreignProfile` does, and where trials cannot be distinguished.
 */
export function importedRun({ suite, target, profile: requested, files, by, now }: ImportRequest): ForeignRun {
  const trials = recognize(suite, files);
  const { profile, size } = naming(files, () => foreignProfile(trials, requested));
  const filesOf = filesOfTrials(suite, files, trials);
  const at = now.toISOString();
  const records = trials.map((trial, index): ForeignRecord => ({
    files: (filesOf[index] ?? []).map(({ name }) => name),
    record: {
      schema: 'bench-record/2',
      trial: `t${String(index + 1).padStart(4, '0')}`,
      attempt: 1,
      block: index + 1,
      target: target.id,
      benchmark: suite.id,
      profile,
      origin: 'imported',
      // The time of the import; only the source knows when it was measured.
      started: at,
      ended: at,
      expects: [...new Set(trial.readings.map(({ metric }) => metric))],
      findings: [...(trial.findings ?? []), ...sizeFindings(trial, profile)],
      source: trial.source,
    },
  }));
  const plan: Plan = {
    schema: 'bench-plan/2',
    seed: 0,
    profile,
    ...(size === undefined ? {} : { size }),
    suites: [{ id: suite.id, version: suite.version }],
    targets: [target],
    order: 'balanced',
    replication: 'as it was measured elsewhere: what was repeated is not known',
    trials: records.map(({ record: { trial, block } }) => ({
      id: trial,
      block,
      target: target.id,
      assignments: [{ guest: 0, suite: suite.id }],
    })),
  };
  const used = new Set(records.flatMap((record) => record.files));
  return { plan, records, by, files: files.filter(({ name }) => used.has(name)) };
}

/**
 * The files of each trial, with those of none (calibration and the like) where the suite takes them together. Reports
 * read each record from its own files: trials that could not be distinguished there would count more than once.
 */
function filesOfTrials(
  suite: Suite,
  files: readonly ForeignFile[],
  trials: readonly ForeignTrial[],
): readonly (readonly ForeignFile[])[] {
  const ofSome = new Set(trials.flatMap((trial) => trial.files));
  return trials.map((trial) => {
    const own = files.filter(({ name }) => trial.files.includes(inRun(name)));
    const more = files.filter(({ name }) => trial.files.includes(inRun(name)) || !ofSome.has(inRun(name)));
    const readable = [more, own].find((candidate) => isReadable(suite, candidate, trial));
    if (readable !== undefined) return readable;
    const again = trials
      .slice(1)
      .flatMap(({ readings }) => readings.flatMap(({ metric, at }) => (at ? [{ metric, at }] : [])));
    const [second] = again.filter(({ at }) => trial.files.includes(at.file));
    throw new BenchError({
      stage: 'config',
      message: `${own.map(({ path }) => path).join(', ')}${second === undefined ? '' : `:${second.at.line}`}: several trials that cannot be distinguished`,
      expected: 'each metric once in a file',
      ...(second === undefined ? {} : { found: `${second.metric} again` }),
      hint: 'give each repetition a file of its own; nothing was written',
    });
  });
}

/** Whether these files alone lead to this trial and no other. */
function isReadable(suite: Suite, files: readonly ForeignFile[], trial: ForeignTrial): boolean {
  try {
    const found = recognize(suite, files);
    const same = found.filter((other) => canonicalJson(other.source) === canonicalJson(trial.source));
    return found.length === 1 || same.length === 1;
  } catch {
    return false;
  }
}

function recognize(suite: Suite, files: readonly ForeignFile[]): readonly ForeignTrial[] {
  if (suite.recognize === undefined) {
    const message = `suite ${suite.id} reads no output that was measured elsewhere`;
    throw new BenchError({ stage: 'config', message });
  }
  const texts = files.map(({ name, bytes }): RawText => ({
    text: new TextDecoder().decode(bytes),
    // Named as in the run, because reports will name it so: what the suite reads from a file must not change.
    file: inRun(name),
    firstLine: 1,
  }));
  try {
    return suite.recognize(texts);
  } catch (error) {
    const message = named(messageOf(error), files);
    throw new BenchError(
      {
        stage: 'config',
        message: `suite ${suite.id} does not know this output: ${message}`,
        hint: 'nothing was written',
      },
      { cause: error },
    );
  }
}

/** What `read` returns; a `BenchError` that it throws names files as the user gave them. */
function naming<T>(files: readonly ForeignFile[], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    throw new BenchError({ ...error.problem, message: named(error.problem.message, files) }, { cause: error });
  }
}

/** Names of the files that a trial has values from: others, as those with constants of lmbench, are no measurement. */
export function measuringFiles(suite: Suite, files: readonly ForeignFile[]): ReadonlySet<string> {
  const readings = recognize(suite, files).flatMap((trial) => trial.readings);
  const paths = new Set(readings.flatMap((reading) => ('value' in reading ? [reading.at.file] : [])));
  return new Set(files.flatMap(({ name }) => (paths.has(inRun(name)) ? [name] : [])));
}

/** With the paths that the user gave instead of the names in the run; the longest first, one may contain another. */
function named(message: string, files: readonly ForeignFile[]): string {
  return [...files]
    .sort((a, b) => b.name.length - a.name.length)
    .reduce((text, { name, path }) => text.replaceAll(inRun(name), () => path), message);
}
