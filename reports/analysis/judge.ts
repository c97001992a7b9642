import { bandAround, judgeInterval, MARGIN } from '../statistics/equivalence.js';
import { cliffsDelta, hedgesG } from '../statistics/effect.js';
import { MIN_TRIALS, type Interval } from '../statistics/intervals.js';
import { mannWhitneyTest, welchTest } from '../statistics/tests.js';
import type { Ratio } from './normalize.js';
import { isReplicated, type Series } from './summarize.js';
import type { Verdict } from '../model/states.js';
import type { Difference, RequestedShare, System } from '../model/types.js';

export interface Judgement {
  readonly verdict: Verdict;
  readonly why: string | null;
  readonly neededTrials: number | null;
}

/** Why no cell of the quick profile is judged. */
export const QUICK_WHY = 'quick profile: its sizes and trials are not those of the paper';

/** Why no cell of an emulated machine is judged. */
const EMULATED_WHY = 'measured on an emulated machine, whose times do not apply to real hardware';

/** Why a system cannot be compared with published values; undefined when it can. */
export function whyNotComparable(system: System): string | undefined {
  if (system.emulated) return EMULATED_WHY;
  return system.profile === 'quick' ? QUICK_WHY : undefined;
}

/** Why the numbers of a system have no verdict; undefined when they have one. */
export function whyNotJudged(system: System): Judgement | undefined {
  const because = (verdict: Verdict, why: string): Judgement => ({ verdict, why, neededTrials: null });
  if (system.origin === 'published') return because('not judged', 'a published value');
  const incomparable = whyNotComparable(system);
  if (incomparable !== undefined) return because('not comparable', incomparable);
  if (system.counterpart === null) return because('not judged', 'the paper has no such system');
  if (system.counterpart.how === 'orientation') {
    return because('not judged', `the paper has no such system; ${system.counterpart.column} is shown for orientation`);
  }
  return undefined;
}

const NOTHING_PUBLISHED: Judgement = {
  verdict: 'not judged',
  why: 'nothing was published for it',
  neededTrials: null,
};

/** Verdict on a measured ratio and a published one, with the margin of practical relevance. */
export function judgeRatio(series: Series, ratio: Ratio | undefined, published: number | null): Judgement {
  const { system } = series;
  const excluded = whyNotJudged(system);
  if (excluded !== undefined) return excluded;
  if (system.baseline) {
    return { verdict: 'not judged', why: 'the baseline: its ratio is 1 by definition', neededTrials: null };
  }
  if (published === null) return NOTHING_PUBLISHED;
  if (ratio === undefined) {
    return { verdict: 'inconclusive', why: 'no ratio to compare with the published one', neededTrials: null };
  }
  if (isForeign(series, ratio.baseline)) {
    const why = `${system.origin} on another machine than its baseline, which is ${ratio.baseline.system.origin}`;
    return { verdict: 'not judged', why, neededTrials: null };
  }
  const trials = Math.min(series.values.length, ratio.baseline.values.length);
  const judged = judgeAgainst(ratio.center, ratio.interval, bandAround(published, MARGIN), trials);
  return inTrials(judged, series, ratio.baseline);
}

/**
 * Verdict on an achieved share and a published one. Compared are their deviations from the request, to within as
 * many points as count as achieved: a system of more CPUs than the paper's had another request.
 */
export function judgeShare(series: Series, share: RequestedShare, published: number | null, within: number): Judgement {
  const excluded = whyNotJudged(series.system);
  if (excluded !== undefined) return excluded;
  if (published === null) return NOTHING_PUBLISHED;
  const { low, high } = share;
  const interval = low === null || high === null ? null : { low, high };
  const band = { low: published - within, high: published + within };
  return inTrials(judgeAgainst(share.deviation, interval, band, series.values.length), series);
}

/** Where observations are boots, the number that would decide is one of boots: each as long as those there are. */
function inTrials(judged: Judgement, ...sides: readonly Series[]): Judgement {
  const { neededTrials, why } = judged;
  const side = sides.find(({ levels }) => levels.level === 'boot');
  if (neededTrials === null || side === undefined) return judged;
  const each = Math.ceil(side.levels.trials / (side.levels.boots ?? 1));
  const boots = `about ${neededTrials} boots of ${each} trials`;
  return { ...judged, neededTrials: neededTrials * each, why: why?.replace(/about \d+ trials/, boots) ?? null };
}

/** Measured here and imported from another machine: their ratio is about machines, and no claim rests on it. */
export function isForeign(series: Series, baseline: Series): boolean {
  return series.system.origin !== baseline.system.origin && series.system.host !== baseline.system.host;
}

/** Verdict on an interval and a band; inconclusive without an interval. */
export function judgeAgainst(center: number, interval: Interval | null, band: Interval, trials: number): Judgement {
  if (interval === null) {
    return trials < MIN_TRIALS
      ? {
          verdict: 'inconclusive',
          why: `no interval from fewer than ${MIN_TRIALS} trials a side`,
          neededTrials: MIN_TRIALS,
        }
      : { verdict: 'inconclusive', why: 'no interval', neededTrials: null };
  }
  const judged = judgeInterval(center, interval, band, trials);
  if (judged.verdict !== 'inconclusive') return { verdict: judged.verdict, why: null, neededTrials: null };
  if (judged.trials === undefined) {
    return {
      verdict: 'inconclusive',
      why: 'its interval reaches over the edge of the band, and no practical number of trials would decide it',
      neededTrials: null,
    };
  }
  return {
    verdict: 'inconclusive',
    why: `its interval reaches over the edge of the band; about ${judged.trials} trials a side would decide it`,
    neededTrials: judged.trials,
  };
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
