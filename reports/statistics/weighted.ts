import { CONFIDENCE, satterthwaite, studentQuantile, type Interval } from './intervals.js';

/** One part of a weighted sum: its weight, the standard error of its estimate and the degrees of freedom of that. */
export interface WeightedPart {
  readonly weight: number;
  readonly error: number;
  readonly freedom: number;
}

/**
 * Interval of a weighted sum of logarithms, as factors of its exponential: errors of different groups of parts are
 * independent and add as squares, those within a group are taken to be the same error and add as they are. Null where no part
 * has an error.
 */
export function factorInterval(groups: readonly (readonly WeightedPart[])[]): Interval | null {
  const squares = groups.flatMap((parts): (readonly [number, number])[] => {
    const error = parts.reduce((sum, part) => sum + Math.abs(part.weight) * part.error, 0);
    return error === 0 ? [] : [[error ** 2, Math.min(...parts.map(({ freedom }) => freedom))]];
  });
  if (squares.length === 0) return null;
  const { error, freedom } = satterthwaite(...squares);
  const half = studentQuantile(CONFIDENCE, freedom) * error;
  return { low: Math.exp(-half), high: Math.exp(half) };
}
