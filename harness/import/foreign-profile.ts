import { BenchError } from '../errors.js';
import type { Finding, ForeignTrial, ProfileId, RecordedProfile } from '../types.js';

/** The profile of an import, and the size that its output states where it is of no profile. */
export interface ForeignProfile {
  readonly profile: RecordedProfile;
  readonly size?: string;
}

const PROFILES = ['paper', 'quick'] as const satisfies readonly ProfileId[];

/**
 * The profile of trials of one import. What is requested must not contradict the sizes that the outputs state; without a
 * request it is that of these sizes, and `unknown` where they are of no profile or not stated. Throws a `BenchError` of stage
 * `config` on a contradiction, and on trials of several sizes: those of one run are compared with one another.
 */
export function foreignProfile(trials: readonly ForeignTrial[], requested: ProfileId | undefined): ForeignProfile {
  if (requested !== undefined) {
    for (const trial of trials) refuseOtherSize(trial, requested);
    return { profile: requested };
  }
  const found = trials.map((trial) => ({ trial, ...profileOf(trial) }));
  const [first] = found;
  const other = found.find(({ profile, size }) => profile !== first?.profile || size !== first.size);
  if (first === undefined) return { profile: 'unknown' };
  if (other === undefined) return { profile: first.profile, ...(first.size === undefined ? {} : { size: first.size }) };
  throw new BenchError({
    stage: 'config',
    message: `${placeOf(other.trial)}: another size than that of ${first.trial.files.join(', ')}`,
    expected: describe(first),
    found: describe(other),
    hint: 'import the files of each size by themselves; nothing was written',
  });
}

function profileOf({ contradicts, size }: ForeignTrial): ForeignProfile {
  const fitting = contradicts && PROFILES.find((candidate) => contradicts[candidate] === undefined);
  if (fitting !== undefined) return { profile: fitting };
  return { profile: 'unknown', ...(size === undefined ? {} : { size: size.words }) };
}

function describe({ profile, size }: ForeignProfile): string {
  return profile === 'unknown' ? (size ?? 'no size') : `profile ${profile}`;
}

/** What was measured at another size is not comparable: it would appear beside the values of the profile. */
function refuseOtherSize(trial: ForeignTrial, profile: ProfileId): void {
  const { contradicts } = trial;
  const difference = contradicts?.[profile];
  if (contradicts === undefined || difference === undefined) return;
  const fitting = PROFILES.find((candidate) => contradicts[candidate] === undefined);
  throw new BenchError({
    stage: 'config',
    message: `${placeOf(trial)}: not of profile ${profile}: ${difference}`,
    hint:
      fitting === undefined
        ? 'it is of no profile; without --profile it is imported as of this size; nothing was written'
        : `import it with --profile ${fitting}; nothing was written`,
  });
}

const placeOf = ({ files, size }: ForeignTrial): string =>
  size === undefined ? files.join(', ') : `${size.at.file}:${size.at.line}`;

/** What a reader of imported values must know of their size. */
export function sizeFindings({ contradicts, size }: ForeignTrial, profile: RecordedProfile): Finding[] {
  const check = 'size of the profile';
  if (profile === 'unknown') {
    return size === undefined
      ? [
          {
            ...{ check, expected: 'a size', found: 'the output states none', verdict: 'unavailable' },
            hint: 'it is compared with nothing; --profile imports it as of a profile',
          },
        ]
      : [
          {
            ...{ check, expected: 'that of a profile', found: size.words, verdict: 'differs' },
            hint: 'it is compared with output of the same size only',
          },
        ];
  }
  if (contradicts !== undefined) return [];
  const hint = `that it is of profile ${profile} is taken on trust`;
  return [{ check, expected: profile, found: 'the output states no size', verdict: 'unavailable', hint }];
}
