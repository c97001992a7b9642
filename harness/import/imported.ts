import { BenchError, messageOf } from '../errors.js';
import { canonicalJson } from '../store/index.js';
import type { Finding, ForeignTrial, Plan, ProfileId, RawText, Suite, TargetConfig } from '../types.js';
import type { ForeignFile } from './foreign-files.js';
import type { ForeignRecord, ForeignRun } from './record-run.js';

export interface ImportRequest {
  readonly suite: Suite;
  readonly target: TargetConfig;
  readonly profile: ProfileId;
  readonly files: readonly ForeignFile[];
  readonly by: string;
  readonly now: Date;
}

/**
 * Raw output that was measured elsewhere, as a run: one trial for each that the suite recognizes, with its files as they
 * are. The suite's parser reads them again for every report, so a correction reaches imported runs, too. Pure; throws
 * when the suite does not know a file, or a file states another size than that of the profile.
 */
export function importedRun({ suite, target, profile, files, by, now }: ImportRequest): ForeignRun {
  const trials = recognize(suite, files);
  for (const trial of trials) refuseOtherSize(trial, profile, files);
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
      findings: [...(trial.findings ?? []), ...sizeUnknown(trial, profile)],
      source: trial.source,
    },
  }));
  const plan: Plan = {
    schema: 'bench-plan/2',
    seed: 0,
    profile,
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

/** What was measured at another size is not comparable: it would appear beside the values of the profile. */
function refuseOtherSize(trial: ForeignTrial, profile: ProfileId, files: readonly ForeignFile[]): void {
  const difference = trial.contradicts?.[profile];
  if (trial.contradicts === undefined || difference === undefined) return;
  const fitting = (Object.keys(trial.contradicts) as ProfileId[]).find(
    (candidate) => trial.contradicts?.[candidate] === undefined,
  );
  throw new BenchError({
    stage: 'config',
    message: named(`${trial.files.join(', ')} is not of profile ${profile}: ${difference}`, files),
    hint:
      fitting === undefined
        ? 'it is of no profile of the suite, and nothing was written'
        : `import it with --profile ${fitting}; nothing was written`,
  });
}

function sizeUnknown({ contradicts }: ForeignTrial, profile: ProfileId): Finding[] {
  if (contradicts !== undefined) return [];
  return [
    {
      check: 'size of the profile',
      expected: profile,
      found: 'the output states no size',
      verdict: 'unavailable',
      hint: `that it is of profile ${profile} is taken on trust`,
    },
  ];
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
  const inRun = ({ name }: ForeignFile): string => `raw/${name}`;
  return trials.map((trial) => {
    const own = files.filter((file) => trial.files.includes(inRun(file)));
    const more = files.filter((file) => trial.files.includes(inRun(file)) || !ofSome.has(inRun(file)));
    const readable = [more, own].find((candidate) => isReadable(suite, candidate, trial));
    if (readable !== undefined) return readable;
    throw new BenchError({
      stage: 'config',
      message: `${own.map(({ path }) => path).join(', ')}: several trials that cannot be distinguished`,
      expected: 'each metric once in a file',
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
    file: `raw/${name}`,
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

/** With the paths that the user gave instead of the names in the run; the longest first, one may contain another. */
function named(message: string, files: readonly ForeignFile[]): string {
  return [...files]
    .sort((a, b) => b.name.length - a.name.length)
    .reduce((text, { name, path }) => text.replaceAll(`raw/${name}`, () => path), message);
}
