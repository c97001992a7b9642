import type { LoadedRun, MetricId } from '../../harness/types.js';
import { noisesOf } from '../analysis/noise-floors.js';
import type { Measured } from '../model/measured.js';
import type { System } from '../model/types.js';
import { smallestDifference, type Noise } from '../statistics/power.js';

/** The noise floor of a metric between two systems with so many observations, in percent; null where none is known. */
export type FloorOf = (
  metric: MetricId,
  a: { readonly system: System; readonly n: number },
  b: { readonly system: System; readonly n: number },
) => number | null;

/**
 * Floors from noise runs: each applies to the hosts and the profile that it was measured with. Where both sides have one,
 * the larger counts. Pure.
 */
export function floorsOf(noise: readonly LoadedRun[], measured: readonly Measured[]): FloorOf {
  const known = noise.map((run) => ({
    profile: run.stored.plan.profile,
    hosts: run.stored.plan.targets.map(({ host }) => host),
    noises: noisesOf(run, measured),
  }));
  const noiseOf = ({ origin, host, profile }: System, metric: MetricId): Noise | undefined =>
    origin !== 'measured'
      ? undefined
      : known
          .find((one) => one.profile === profile && one.hosts.includes(host) && one.noises.has(metric))
          ?.noises.get(metric);
  return (metric, a, b) => {
    const floors = [a, b].flatMap(({ system }) => {
      const noise = noiseOf(system, metric);
      const part = noise && smallestDifference(noise, a.n, b.n);
      return part === undefined ? [] : [100 * part];
    });
    return floors.length === 0 ? null : Math.max(...floors);
  };
}
