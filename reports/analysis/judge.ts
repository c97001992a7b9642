import type { Metric } from '../../harness/types.js';
import { bandAround, MARGIN } from '../statistics/equivalence.js';
import { judgeFamily, type Equivalence } from '../statistics/family.js';
import type { Observed } from '../statistics/observed.js';
import { cliffsDelta, hedgesG } from '../statistics/effect.js';
import { CONFIDENCE, MIN_TRIALS, type Interval } from '../statistics/intervals.js';
import { mannWhitneyTest, welchTest } from '../statistics/tests.js';
import type { Ratio } from './normalize.js';
import { observedMean, observedRatio } from './observed.js';
import { isReplicated, type Series } from './summarize.js';
import type { Verdict } from '../model/states.js';
import type { Difference, RequestedShare, System } from '../model/types.js';

export interface Judgement {
  readonly verdict: Verdict;
  readonly why: string | null;
  readonly neededTrials: number | null;
}

/** A quantity and its band, with the series that it is of. */
export interface BandComparison {
  readonly observed: Observed;
  readonly band: Interval;
  readonly sides: readonly Series[];
}

/** A judgement on a quantity alone, with the comparison that it rests on; null where there is none. */
export interface Judged extends Judgement {
  readonly comparison: BandComparison | null;
}

/** Why no cell of the quick profile is judged. */
export const QUICK_WHY = 'quick profile: its sizes and trials are not those of the paper';

/** Why no cell of an emulated machine is judged. */
const EMULATED_WHY = 'measured on an emulated machine, whose times do not apply to real hardware';

/** Why a system cannot be compared with published values; undefined when it can. */
export function whyNotComparable(system: System): string | undefined {
  if (system.emulated) return EMULATED_WHY;
  if (system.profile === 'unknown') {
    return system.size === null ? 'its size is not known' : `its size is not that of the paper: ${system.size}`;
  }
  return system.profile === 'quick' ? QUICK_WHY : undefined;
}

/** Why the numbers of a system have no verdict; undefined when they have one. */
export function whyNotJudged(system: System): Judged | undefined {
  const because = (verdict: Verdict, why: string): Judged => ({ verdict, why, neededTrials: null, comparison: null });
  if (system.origin === 'published') return because('not judged', 'a published value');
  const incomparable = whyNotComparable(system);
  if (incomparable !== undefined) return because('not comparable', incomparable);
  if (system.counterpart === null) return because('not judged', 'the paper has no such system');
  if (system.counterpart.how === 'orientation') {
    return because('not judged', `the paper has no such system; ${system.counterpart.column} is shown for orientation`);
  }
  return undefined;
}

const NOTHING_PUBLISHED: Judged = {
  verdict: 'not judged',
  why: 'nothing was published for it',
  neededTrials: null,
  comparison: null,
};

/**
 * Verdict of a measured ratio against a published one, with the margin of practical relevance; `observed`: of the ratio as
 * another analysis has it.
 */
export function judgeRatio(
  series: Series,
  ratio: Ratio | undefined,
  published: number | null,
  observed?: Observed,
): Judged {
  const { system } = series;
  const excluded = whyNotJudged(system);
  if (excluded !== undefined) return excluded;
  if (system.baseline) {
    return {
      verdict: 'not judged',
      why: 'the baseline: its ratio is 1 by definition',
      neededTrials: null,
      comparison: null,
    };
  }
  if (published === null) return NOTHING_PUBLISHED;
  if (ratio === undefined) {
    return {
      verdict: 'inconclusive',
      why: 'no ratio to compare with the published one',
      neededTrials: null,
      comparison: null,
    };
  }
  if (isForeign(series, ratio.baseline)) {
    const why = `${system.origin} on another machine than its baseline, which is ${ratio.baseline.system.origin}`;
    return { verdict: 'not judged', why, neededTrials: null, comparison: null };
  }
  const unlike = whyOtherBaseline(ratio.baseline.system);
  if (unlike !== undefined) return { verdict: 'not judged', why: unlike, neededTrials: null, comparison: null };
  const sides = [series, ratio.baseline];
  return judgeAgainst(observed ?? observedRatio(series, ratio.baseline), bandAround(published, MARGIN), sides);
}

/** Why a published ratio does not apply to one with this baseline: the paper did not measure such a system. */
function whyOtherBaseline({ counterpart, boundary, label }: System): string | undefined {
  if (boundary === 'none' || boundary === null || counterpart?.how === 'reproduces') return undefined;
  return `its baseline ${label} is no system of the paper`;
}

/**
 * Verdict on an achieved share and a published one. Compared are their deviations from the request, to within as
 * many points as count as achieved: a system of more CPUs than the paper's had another request.
 */
export function judgeShare(
  series: Series,
  metric: Pick<Metric, 'share'> | undefined,
  share: RequestedShare,
  published: number | null,
  within: number,
): Judged {
  const excluded = whyNotJudged(series.system);
  if (excluded !== undefined) return excluded;
  if (published === null) return NOTHING_PUBLISHED;
  const band = { low: published - within, high: published + within };
  const { requested } = share;
  const off = observedMean(series, metric, { to: (value) => value - requested, from: (points) => points + requested });
  return judgeAgainst(off, band, [series]);
}

/** Trials in each observation of a comparison: where one side is replicated by boots, its trials in a boot; else 1. */
export function trialsInEach(sides: readonly Series[]): number {
  const side = sides.find(({ levels }) => levels.level === 'boot');
  return side === undefined ? 1 : Math.ceil(side.levels.trials / (side.levels.boots ?? 1));
}

/** What observations are, in words, where so many of them would decide. */
export function observationsOf(sides: readonly Series[]): string {
  const each = trialsInEach(sides);
  if (!sides.some(({ levels }) => levels.level === 'boot')) return 'trials';
  return `boots of ${each} ${each === 1 ? 'trial' : 'trials'}`;
}

/** Measured here and imported from another machine: their ratio is about machines, and no claim rests on it. */
export function isForeign(series: Series, baseline: Series): boolean {
  return series.system.origin !== baseline.system.origin && series.system.host !== baseline.system.host;
}

/** Verdict of a quantity that should lie in a band, alone. */
function judgeAgainst(observed: Observed, band: Interval, sides: readonly Series[]): Judged {
  const comparison = { observed, band, sides };
  const [judged] = judgeFamily([comparison]);
  if (judged === undefined) throw new Error('a family of one has one verdict');
  return { ...judgementOf(comparison, judged), comparison };
}

/** What a comparison of a family concludes, as a cell has it. */
export function judgementOf({ observed, sides }: BandComparison, judged: Equivalence): Judgement {
  const neededTrials = judged.p === null ? MIN_TRIALS : judged.trials;
  const open = judged.verdict === 'inconclusive';
  return {
    verdict: judged.verdict,
    why: describeUndecided(observed, judged, observationsOf(sides)),
    neededTrials: open && neededTrials !== null ? neededTrials * trialsInEach(sides) : null,
  };
}

/** Why a comparison with a band is undecided, in words; null for one that is decided. `observations`: see `observationsOf`. */
export function describeUndecided(
  { trials }: Observed,
  { verdict, p, trials: needed }: Equivalence,
  observations: string,
): string | null {
  if (verdict !== 'inconclusive') return null;
  if (p === null && trials < MIN_TRIALS) return `no interval from fewer than ${MIN_TRIALS} trials a side`;
  if (p === null) return 'no interval: its values do not vary, or are not positive';
  const reaches =
    p <= 1 - CONFIDENCE
      ? 'its interval is outside of the band, but not after Holm’s adjustment for the number of comparisons'
      : 'its interval reaches over the edge of the band';
  if (needed === null) return `${reaches}, and no practical number of ${observations} would decide it`;
  return `${reaches}; about ${needed} ${observations} a side would decide it, if center and spread stay as they are`;
}

/** Tests and effect sizes against the baseline's trials, before Holm's correction; null where there is nothing to test. */
export function compare(series: Series, baseline: Series): Omit<Difference, 'holmP'> | null {
  if (series === baseline || !isReplicated(series) || !isReplicated(baseline)) return null;
  const { values } = series;
  const others = baseline.values;
  return {
    welchP: welchTest(values, others) ?? null,
    mannWhitneyP: mannWhitneyTest(values, others) ?? null,
    hedgesG: hedgesG(values, others) ?? null,
    cliffsDelta: cliffsDelta(values, others) ?? null,
  };
}
