import type { Plan, RunId } from '../../harness/types.js';
import { isSuite, type Measured } from '../model/measured.js';
import type { Note } from '../model/note.js';
import { MIN_TRIALS } from '../statistics/intervals.js';
import type { Ratio } from './normalize.js';
import type { Series, Summary } from './summarize.js';

/** Of runs whose number of trials was decided by their precision: the rule. */
export type StoppingRules = ReadonlyMap<RunId, NonNullable<Plan['precision']>>;

/**
 * A note with the reason why values of this profile spread, where the suite declares one. Only for the version of the
 * suite that declares it: another one may have other steps or sizes.
 */
export function unstableNote(series: Series, suite: Measured | undefined): Note[] {
  const { profile, origin } = series.system;
  if (
    origin !== 'measured' ||
    profile === 'unknown' ||
    suite === undefined ||
    !isSuite(suite) ||
    suite.version !== series.suiteVersion
  )
    return [];
  const why = suite.profiles[profile].unstable;
  return why === undefined ? [] : [{ kind: 'unstable profile', why }];
}

/** A note for each rule by which a run of the series ended. */
export function stoppingNotes(series: Series, rules: StoppingRules): Note[] {
  if (series.system.origin !== 'measured') return [];
  const own = series.system.runs.flatMap((run) => rules.get(run) ?? []);
  const notes = own.map(({ ciWidth, minTrials }): Note => ({
    kind: 'adaptive stopping',
    ciWidth: Number((100 * ciWidth).toPrecision(3)),
    minTrials,
  }));
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** A note that the series has trials of several runs. */
export function poolNote(series: Series): Note[] {
  const { runs } = series.system;
  return runs.length > 1 ? [{ kind: 'pooled runs', runs: runs.length }] : [];
}

/** Only where boots are known: other numbers of trials are those of the cell. */
export function levelNotes({ levels: { level, boots, starts, trials } }: Series): readonly Note[] {
  return boots === null ? [] : [{ kind: 'levels', level, boots, starts, trials }];
}

/** Why there are no intervals: one reason where neither the value nor its ratio has one. */
export function noIntervalNotes(own: Summary['noInterval'], ratio: Ratio | undefined): readonly Note[] {
  if (own === 'too few') return [{ kind: 'no interval', reason: own, minTrials: MIN_TRIALS }];
  if (own === 'no spread') return [{ kind: 'no interval', reason: own }];
  return ratio?.noInterval ? [{ kind: 'no ratio interval', ...ratio.noInterval }] : [];
}
