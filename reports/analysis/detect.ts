import type { LoadedRun } from '../../harness/types.js';
import { loadSamples } from '../read/load.js';
import { metricOf, type Measured } from '../model/measured.js';
import type { Trial } from '../model/types.js';
import { varianceComponents } from '../statistics/components.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { MIN_TRIALS } from '../statistics/intervals.js';
import { trialsToResolve } from '../statistics/power.js';
import { repetitionsToResolve, type Costs, type Repetitions } from '../statistics/repetitions.js';
import { byBoot } from './levels.js';
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
  /** How to spread them over boots; null with fewer than two boots, and where boots need not be repeated. */
  readonly spread: Spread | null;
}

/** The cheapest repetitions that detect the difference, and what they were computed from. */
export interface Spread extends Repetitions {
  /** Share of boots in the variance of trials, a fraction of 1. */
  readonly bootVariance: number;
  /** Seconds. */
  readonly costs: Costs;
  /** Whether no run restarted the host, and the cost of a boot is `BOOT_SECONDS`. */
  readonly assumed: boolean;
}

/** What a boot is taken to cost where no run restarted the host. */
const BOOT_SECONDS = 120;

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
  const systems = systemsOf(runs, loaded.trials, { main: null, of: () => null }, []);
  const series = [...groupSamples(loaded, systems).values()].flat();
  const needed = series
    .filter(({ system }) => system.origin !== 'published')
    .map(({ system, suite, metric, samples }): Needed => {
      const label = metricOf(`${suite}/${metric}`, all)?.label ?? metric;
      const variation = variationOf(samples.map(({ value }) => value));
      const trials = variation === null ? 'unknown' : (trialsToResolve(variation, difference) ?? 'too many');
      const own = samples.flatMap(({ trial, value }) => {
        const known = loaded.trials[trial];
        return known === undefined ? [] : [{ ...known, value }];
      });
      const spread = spreadOver(own, bootCost(runs, system.host), difference);
      return { system: system.label, suite, metric: label, seen: samples.length, variation, trials, spread };
    });
  return needed.sort((a, b) => rank(b) - rank(a));
}

function spreadOver(
  trials: readonly (Trial & { readonly value: number })[],
  bootSeconds: number | undefined,
  difference: number,
): Spread | null {
  const groups = byBoot(trials);
  const components = groups && varianceComponents(groups);
  if (components === undefined) return null;
  const seconds = trials.flatMap(({ started, ended }) =>
    started === null || ended === null ? [] : [(Date.parse(ended) - Date.parse(started)) / 1000],
  );
  const costs = { boot: bootSeconds ?? BOOT_SECONDS, trial: Math.max(1e-3, mean(seconds)) };
  const center = mean(trials.map(({ value }) => value));
  const repetitions = repetitionsToResolve(components, center, difference, costs);
  if (repetitions === undefined) return null;
  const bootVariance = components.between / (components.between + components.within);
  return { ...repetitions, bootVariance, costs, assumed: bootSeconds === undefined };
}

/** Mean seconds of the restarts of a host; undefined where no run restarted it. */
function bootCost(runs: readonly LoadedRun[], host: string): number | undefined {
  const seconds = runs.flatMap(({ journal }) =>
    journal.flatMap((entry) => (entry.event === 'booted' && entry.host === host ? [entry.seconds] : [])),
  );
  return seconds.length === 0 ? undefined : mean(seconds);
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
