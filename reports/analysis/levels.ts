import type { Levels, VarianceShares } from '../model/levels.js';
import type { Trial } from '../model/types.js';
import { varianceComponents } from '../statistics/components.js';
import { mean } from '../statistics/descriptive.js';
import { MIN_TRIALS } from '../statistics/intervals.js';

/** The value of a trial, with where in the levels it belongs. */
export interface Leveled extends Pick<Trial, 'boot' | 'freshGuest'> {
  readonly value: number;
}

export interface Observations {
  /** What intervals and tests are computed from: independent at the level of `levels`. */
  readonly values: Float64Array;
  readonly levels: Levels;
}

/**
 * Trials as independent observations. Trials of one boot share what that boot is like (placement of pages, order of
 * devices), so with at least `MIN_TRIALS` boots the observations are the means of boots; otherwise they are the trials,
 * and their interval covers only what varies within the boots that were measured. Pure.
 */
export function observations(trials: readonly Leveled[]): Observations {
  const values = Float64Array.from(trials, ({ value }) => value);
  const groups = byBoot(trials);
  const boots = groups?.length ?? null;
  const isByBoot = groups !== undefined && groups.length >= MIN_TRIALS;
  const levels: Levels = {
    level: isByBoot ? 'boot' : 'trial',
    boots,
    starts: startsOf(trials, boots),
    trials: trials.length,
    variance: groups === undefined ? null : sharesOf(groups),
  };
  return { values: isByBoot ? Float64Array.from(groups, (group) => mean(group)) : values, levels };
}

/** Values by boot, in the order in which the boots come first; undefined where some boot is not known. */
export function byBoot(trials: readonly Leveled[]): readonly (readonly number[])[] | undefined {
  const groups = new Map<string, number[]>();
  for (const { boot, value } of trials) {
    if (boot === null) return undefined;
    const group = groups.get(boot);
    if (group === undefined) groups.set(boot, [value]);
    else group.push(value);
  }
  return [...groups.values()];
}

/** A trial with a fresh guest is a start of its own; where the host itself is measured only its boots are starts. */
function startsOf(trials: readonly Leveled[], boots: number | null): number | null {
  if (trials.some(({ freshGuest }) => freshGuest === null)) return null;
  return trials.every(({ freshGuest }) => freshGuest === true) ? trials.length : boots;
}

function sharesOf(groups: readonly (readonly number[])[]): VarianceShares | null {
  const found = varianceComponents(groups);
  const total = found === undefined ? 0 : found.between + found.within;
  if (found === undefined || total === 0) return null;
  return { boot: found.between / total, trial: found.within / total, clipped: found.clipped };
}
