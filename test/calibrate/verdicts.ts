import { bandAround, isInside, isOutside } from '../../reports/statistics/equivalence.js';
import { judgeFamily } from '../../reports/statistics/family.js';
import { CONFIDENCE } from '../../reports/statistics/intervals.js';
import { observe, positiveEstimate, withoutInterval, type Observed } from '../../reports/statistics/observed.js';
import { positiveMean, ratioOf } from '../../reports/statistics/positive.js';
import { draws, normals, population, type Shape } from './sampling.js';

/** A ratio as a report computes it, of two simulated systems whose true ratio is `truth`. */
export function simulatedRatio(truth: number, cv: number, n: number, shape: Shape, normal: () => number): Observed {
  const [a, b] = [
    positiveMean(draws(population(shape, truth, cv, normal), n)),
    positiveMean(draws(population(shape, 1, cv, normal), n)),
  ];
  if (typeof a === 'string' || typeof b === 'string') return withoutInterval(truth, n);
  return observe(positiveEstimate(ratioOf(a, b), n));
}

/** How often a rule gives each verdict where the truth is known. */
export interface VerdictRate {
  /** Half width of the band around the published value, relative to it. */
  readonly margin: number;
  /** Comparisons in the family. */
  readonly checks: number;
  /** Where the truth lies, in margins from the published value: 0 its center, 1 an edge. */
  readonly at: number;
  readonly n: number;
  readonly cv: number;
  /** Shares of the families: all comparisons reproduced, any contradicted. */
  readonly reproduced: number;
  readonly contradicted: number;
  readonly simulations: number;
}

/** Margins that the claims of the registry use: "within 1 %" to the default of cells. */
const MARGINS = [0.01, 0.05] as const;
const FAMILIES = [1, 3, 12] as const;
/** The center, both edges from inside, and half a margin outside. */
const TRUTHS = [0, 1, 1.5] as const;

/** Verdicts of families whose truths are all at the same place, around a published ratio of 1. */
export function verdictTable(seed: string, simulations: number): VerdictRate[] {
  const rows: VerdictRate[] = [];
  for (const margin of MARGINS) {
    for (const checks of FAMILIES) {
      for (const at of TRUTHS) {
        for (const n of [3, 10]) {
          const cv = 0.01;
          const normal = normals(`${seed} verdicts ${margin} ${checks} ${at} ${n}`);
          const [reproduced, contradicted] = [0, 0].map(() => ({ count: 0 })) as [Count, Count];
          for (let simulation = 0; simulation < simulations; simulation += 1) {
            const band = bandAround(1, margin);
            const family = Array.from({ length: checks }, () => ({
              observed: simulatedRatio(1 + at * margin, cv, n, 'normal', normal),
              band,
            }));
            const verdicts = judgeFamily(family).map(({ verdict }) => verdict);
            if (verdicts.every((verdict) => verdict === 'reproduced')) reproduced.count += 1;
            if (verdicts.includes('contradicted')) contradicted.count += 1;
          }
          const share = ({ count }: Count): number => count / simulations;
          rows.push({
            margin,
            checks,
            at,
            n,
            cv,
            reproduced: share(reproduced),
            contradicted: share(contradicted),
            simulations,
          });
        }
      }
    }
  }
  return rows;
}

interface Count {
  count: number;
}

/** How often the number of trials that an inconclusive verdict names decides it. */
export interface DecisionRate {
  readonly truth: number;
  readonly cv: number;
  /** The number that a pilot of 5 trials with exactly this center and spread names. */
  readonly named: number | null;
  /** Share of simulations of so many trials that decide. */
  readonly decided: number | null;
  readonly simulations: number;
}

const PILOT = 5;
const CASES = [
  [1.02, 0.03],
  [1.03, 0.02],
  [1.04, 0.01],
  [1.07, 0.03],
  [1.08, 0.04],
] as const;

export function decisionTable(seed: string, simulations: number): DecisionRate[] {
  return CASES.map(([truth, cv]): DecisionRate => {
    const band = bandAround(1);
    const error = cv * Math.sqrt(2 / PILOT);
    const pilot = observe({ scale: 'log', center: truth, error, freedom: 2 * PILOT - 2, trials: PILOT });
    const named = judgeFamily([{ observed: pilot, band }])[0]?.trials ?? null;
    if (named === null) return { truth, cv, named, decided: null, simulations };
    const normal = normals(`${seed} decide ${truth} ${cv}`);
    let decided = 0;
    for (let simulation = 0; simulation < simulations; simulation += 1) {
      const interval = simulatedRatio(truth, cv, named, 'normal', normal).interval(CONFIDENCE);
      if (interval !== null && (isInside(interval, band) || isOutside(interval, band))) decided += 1;
    }
    return { truth, cv, named, decided: decided / simulations, simulations };
  });
}
