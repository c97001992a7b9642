import { isInside, isOutside } from './equivalence.js';
import { CONFIDENCE, type Interval } from './intervals.js';
import type { Observed } from './observed.js';
import { POWER } from './power.js';
import { holm } from './tests.js';

/** A quantity and the band that it should lie in. */
export interface Comparison {
  readonly observed: Observed;
  readonly band: Interval;
}

/** What one comparison of a family concludes. */
export interface Equivalence {
  readonly verdict: 'reproduced' | 'contradicted' | 'inconclusive';
  /**
   * p value of the quantity lying in the band: the smallest 1 - confidence whose interval is outside of it, two-sided.
   * Null without an interval.
   */
  readonly p: number | null;
  /** The same with Holm's adjustment for the family. */
  readonly holmP: number | null;
  /** Trials a side that would decide an inconclusive one with probability `POWER`; null where no practical number would. */
  readonly trials: number | null;
}

/**
 * Compares each quantity with its band. `reproduced`: its interval is inside the band. That all of a family are reproduced
 * needs no adjustment: an intersection-union test has the level of its parts (Berger, Technometrics 24, 1982).
 * `contradicted`: outside the band after Holm's adjustment for the number of comparisons, so that a family whose quantities
 * all lie in their bands has one that is contradicted with a probability of at most 1 - `CONFIDENCE`. `decided`: whether
 * `trials` are to decide all that are undecided, or each alone, with probability `POWER`.
 */
export function judgeFamily(
  family: readonly Comparison[],
  decided: 'together' | 'each' = 'together',
): readonly Equivalence[] {
  const values = family.map(clearance);
  const adjusted = holm(values.map((p) => p ?? 1));
  const results = family.map(({ observed, band }, index) => {
    const interval = observed.interval(CONFIDENCE);
    const holmP = interval === null ? null : (adjusted[index] ?? 1);
    const verdict: Equivalence['verdict'] =
      holmP !== null && holmP <= 1 - CONFIDENCE
        ? 'contradicted'
        : interval !== null && isInside(interval, band)
          ? 'reproduced'
          : 'inconclusive';
    return { verdict, p: interval === null ? null : (values[index] ?? null), holmP };
  });
  // Those of a claim should be decided together: each with a share of the chance that one is not.
  const undecided = results.filter(({ verdict }) => verdict === 'inconclusive').length;
  const open = decided === 'together' ? undecided : 1;
  const power = 1 - (1 - POWER) / Math.max(1, open);
  return results.map((result, index): Equivalence => {
    const { observed, band } = family[index] as Comparison;
    if (result.verdict !== 'inconclusive') return { ...result, trials: null };
    const inBand = observed.center >= band.low && observed.center <= band.high;
    const confidence = inBand ? CONFIDENCE : 1 - (1 - CONFIDENCE) / family.length;
    return { ...result, trials: observed.trialsToDecide(band, confidence, power) ?? null };
  });
}

/** Nothing is known to be less likely than this: p values are searched for down to it. */
const SMALLEST_P = 1e-12;
/** Halvings of the logarithm: enough for ten digits. */
const HALVINGS = 50;

function clearance({ observed, band }: Comparison): number | null {
  const clear = (p: number): boolean => {
    const interval = observed.interval(1 - p);
    return interval !== null && isOutside(interval, band);
  };
  if (observed.interval(CONFIDENCE) === null) return null;
  if (observed.center >= band.low && observed.center <= band.high) return 1;
  if (clear(SMALLEST_P)) return SMALLEST_P;
  let [low, high] = [Math.log(SMALLEST_P), 0];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (clear(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.exp(high);
}
