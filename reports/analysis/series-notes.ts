import { isSuite, type Measured } from '../model/measured.js';
import type { Note } from '../model/note.js';
import type { Series } from './summarize.js';

/**
 * A note with the reason why values of this profile spread, where the suite declares one. Only for the version of the
 * suite that declares it: another one may have other steps or sizes.
 */
export function unstableNote(series: Series, suite: Measured | undefined): Note[] {
  const { profile, origin } = series.system;
  if (origin !== 'measured' || suite === undefined || !isSuite(suite) || suite.version !== series.suiteVersion)
    return [];
  const why = suite.profiles[profile].unstable;
  return why === undefined ? [] : [{ kind: 'unstable profile', why }];
}

/** A note that the series has trials of several runs. */
export function poolNote(series: Series): Note[] {
  const { runs } = series.system;
  return runs.length > 1 ? [{ kind: 'pooled runs', runs: runs.length }] : [];
}
