import { observations } from '../../reports/analysis/levels.js';
import { studentInterval, type Interval } from '../../reports/statistics/intervals.js';
import { positiveInterval, positiveMean, ratioOf } from '../../reports/statistics/positive.js';
import { draws, normals, population, SHAPES, type Population, type Shape } from './sampling.js';

export const INTERVALS = ['ratio', 'positive mean', 'mean', 'mean over boots', 'ratio over boots'] as const;

/** Trials in each simulated boot, which spread as much as boots do. */
const TRIALS_OF_BOOT = 4;

/** How often an interval holds what it estimates. */
export interface Coverage {
  readonly interval: (typeof INTERVALS)[number];
  readonly shape: Shape;
  readonly cv: number;
  /** Trials, or boots of `TRIALS_OF_BOOT` trials each. */
  readonly n: number;
  /** Share of simulations whose interval holds the true value. */
  readonly share: number;
  readonly simulations: number;
}

type Estimate = (populations: readonly [Population, Population], n: number) => { interval?: Interval; truth: number };

const ESTIMATES: Readonly<Record<Coverage['interval'], Estimate>> = {
  ratio: ([top, bottom], n) => {
    const [a, b] = [positiveMean(draws(top, n)), positiveMean(draws(bottom, n))];
    const truth = top.mean / bottom.mean;
    // Draws that are not positive have no ratio: the report shows no interval, which covers nothing.
    return typeof a === 'string' || typeof b === 'string'
      ? { truth }
      : { interval: positiveInterval(ratioOf(a, b)), truth };
  },
  'positive mean': ([top], n) => {
    const one = positiveMean(draws(top, n));
    return typeof one === 'string' ? { truth: top.mean } : { interval: positiveInterval(one), truth: top.mean };
  },
  mean: ([top], n) => {
    const interval = studentInterval(draws(top, n));
    return typeof interval === 'string' ? { truth: top.mean } : { interval, truth: top.mean };
  },
  'mean over boots': ([top, within], n) => {
    const one = positiveMean(overBoots(top, within, n));
    return typeof one === 'string' ? { truth: top.mean } : { interval: positiveInterval(one), truth: top.mean };
  },
  'ratio over boots': ([top, bottom], n) => {
    const [a, b] = [positiveMean(overBoots(top, bottom, n)), positiveMean(overBoots(bottom, top, n))];
    const truth = top.mean / bottom.mean;
    return typeof a === 'string' || typeof b === 'string'
      ? { truth }
      : { interval: positiveInterval(ratioOf(a, b)), truth };
  },
};

/** What a report computes intervals from: boots of one population, within which trials spread as another does. */
function overBoots(between: Population, within: Population, boots: number): Float64Array {
  const trials = Array.from({ length: boots }, (_, boot) => {
    const center = between.draw();
    return Array.from({ length: TRIALS_OF_BOOT }, () => ({
      value: (center * within.draw()) / within.mean,
      boot: `boot ${boot}`,
      freshGuest: false,
    }));
  });
  return observations(trials.flat()).values;
}

/** The spreads between trials that lab runs have, from a quiet CPU suite to a disk. */
export const VARIATIONS = [0.01, 0.05, 0.1, 0.2] as const;
export const TRIALS = [3, 5, 10] as const;

/** Coverage of every interval for each shape, spread and number of trials. The same seed gives the same table. */
export function coverageTable(seed: string, simulations: number): Coverage[] {
  const rows: Coverage[] = [];
  for (const interval of INTERVALS) {
    for (const shape of SHAPES) {
      for (const cv of VARIATIONS) {
        for (const n of TRIALS) {
          const normal = normals(`${seed} ${interval} ${shape} ${cv} ${n}`);
          const pair = [population(shape, 80, cv, normal), population(shape, 100, cv, normal)] as const;
          let held = 0;
          for (let simulation = 0; simulation < simulations; simulation += 1) {
            const { interval: found, truth } = ESTIMATES[interval](pair, n);
            if (found !== undefined && found.low <= truth && truth <= found.high) held += 1;
          }
          rows.push({ interval, shape, cv, n, share: held / simulations, simulations });
        }
      }
    }
  }
  return rows;
}
