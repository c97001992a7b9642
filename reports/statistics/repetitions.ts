import type { VarianceComponents } from './components.js';
import { trialsToResolve } from './power.js';

/** What repeating costs, in seconds: a boot until the first trial may begin, and a trial. */
export interface Costs {
  readonly boot: number;
  readonly trial: number;
}

/** How repetitions are best spread over the levels. */
export interface Repetitions {
  readonly boots: number;
  /** In each boot. */
  readonly trials: number;
}

/** More trials in one boot are not recommended, however cheap they are compared with a boot. */
const MAX_PER_BOOT = 1000;

/**
 * The number of trials in each boot with which a mean of a given error costs least: sqrt(c_boot / c_trial * within /
 * between) of Kalibera and Jones ("Rigorous benchmarking in reasonable time", ISMM 2013), which is the least of
 * (between + within / r) (c_boot + r c_trial), as a whole number. Undefined where boots have no part in the variance: then
 * they need not be repeated.
 */
export function trialsPerBoot({ between, within }: VarianceComponents, { boot, trial }: Costs): number | undefined {
  if (!(between > 0)) return undefined;
  const best = Math.min(MAX_PER_BOOT, Math.sqrt((boot / trial) * (within / between)));
  const low = Math.max(1, Math.floor(best));
  const price = (r: number): number => (between + within / r) * (boot + r * trial);
  return price(low) <= price(low + 1) ? low : low + 1;
}

/**
 * The cheapest repetitions on each of two sides with which a relative difference is detected with the power of
 * `trialsToResolve`, where observations are the means of boots. `mean` is that of the trials. Undefined where boots need
 * not be repeated, around zero, and where no practical number of boots is enough.
 */
export function repetitionsToResolve(
  components: VarianceComponents,
  mean: number,
  difference: number,
  costs: Costs,
): Repetitions | undefined {
  const trials = trialsPerBoot(components, costs);
  if (trials === undefined || mean === 0) return undefined;
  const deviation = Math.sqrt(components.between + components.within / trials);
  const boots = trialsToResolve(deviation / Math.abs(mean), difference);
  return boots === undefined ? undefined : { boots, trials };
}
