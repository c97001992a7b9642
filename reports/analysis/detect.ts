import type { LoadedRun } from '../../harness/types.js';
import { loadSamples } from '../read/load.js';
import { metricOf, type Measured } from '../model/measured.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { MIN_TRIALS } from '../statistics/intervals.js';
import { trialsToResolve } from '../statistics/power.js';
import { groupSamples } from './summarize.js';
import { systemsOf } from '../read/systems.js';

/** How many trials one metric of one system needs, from how it spread so far. */
export interface Needed {
  /** Label of the system. */
  readonly system: string;
  /** Id of the suite or workload. */
  readonly suite: string;
  readonly metric: string;
  /** Trials seen. */
  readonly seen: number;
  /** Standard deviation over mean; null with fewer than three trials, or around zero. */
  readonly variation: number | null;
  /** Trials a side; `unknown` where the variation is, `too many` above 10,000. */
  readonly trials: number | 'unknown' | 'too many';
}

/**
 * Trials a side with which a difference of that size (0.02 is 2 %) would be seen with a probability of 0.8, for every
 * metric of every measured system, by the variance in these runs; those that need most come first. Pure.
 */
export function trialsNeeded(
  runs: readonly LoadedRun[],
  all: readonly Measured[],
  difference: number,
): readonly Needed[] {
  const loaded = loadSamples(runs, all);
  const systems = systemsOf(runs, loaded.trials, null, []);
  const series = [...groupSamples(loaded, systems).values()].flat();
  const needed = series
    .filter(({ system }) => system.origin !== 'published')
    .map(({ system, suite, metric, values }): Needed => {
      const label = metricOf(`${suite}/${metric}`, all)?.label ?? metric;
      const variation = variationOf(values);
      const trials = variation === null ? 'unknown' : (trialsToResolve(variation, difference) ?? 'too many');
      return { system: system.label, suite, metric: label, seen: values.length, variation, trials };
    });
  return needed.sort((a, b) => rank(b) - rank(a));
}

function variationOf(values: ArrayLike<number>): number | null {
  if (values.length < MIN_TRIALS) return null;
  const center = mean(values);
  return center === 0 ? null : standardDeviation(values) / Math.abs(center);
}

function rank({ trials }: Needed): number {
  if (trials === 'too many') return Infinity;
  return trials === 'unknown' ? 0 : trials;
}
