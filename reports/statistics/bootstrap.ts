import { quantileOfSorted } from './descriptive.js';
import type { Interval } from './intervals.js';
import { randomBlocks, type RandomBlocks } from '../../harness/random.js';

/** Resamples of every bootstrap in a report. */
export const RESAMPLES = 10_000;

/** Resamples and columns that are multiplied in one pass: as many as keep their sums in registers. */
const LANES = 4;
const COLUMNS = 2;

/**
 * Means of bootstrap resamples: for each column (one metric's values, all columns from the same trials in the same
 * order) the means of `resamples` resamples of its rows. A *trial* is drawn with all its metrics, because the trial is
 * the unit of replication; the draws depend on `seed` and the number of rows only, so what else is in the report never
 * changes a column's result. Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 6.
 */
export function bootstrapMeans(
  columns: readonly Float64Array[],
  seed: string,
  resamples: number = RESAMPLES,
): Float64Array[] {
  const rows = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== rows)) throw new RangeError('columns of different lengths');
  if (rows === 0) throw new RangeError('a bootstrap of no values');
  const fill = randomBlocks(seed);
  const draws = new Uint32Array(rows);
  const lane = (): Float64Array => new Float64Array(rows);
  const counts: Lanes = [lane(), lane(), lane(), lane()];
  const means = columns.map(() => new Float64Array(resamples));
  for (let first = 0; first < resamples; first += LANES) {
    for (const each of counts) drawCounts(each, draws, fill);
    for (let index = 0; index < columns.length; index += COLUMNS) {
      // The last of an odd number of columns is paired with itself.
      const other = Math.min(index + 1, columns.length - 1);
      weightedMeans(
        [columns[index] as Float64Array, columns[other] as Float64Array],
        [means[index] as Float64Array, means[other] as Float64Array],
        counts,
        first,
      );
    }
  }
  return means;
}

type Pair = readonly [Float64Array, Float64Array];
type Lanes = readonly [Float64Array, Float64Array, Float64Array, Float64Array];

/** How often each row is drawn in one resample. The multiply-and-truncate is uneven by less than rows / 2^32. */
function drawCounts(counts: Float64Array, draws: Uint32Array, fill: RandomBlocks): void {
  const scale = counts.length / 0x1_0000_0000;
  fill(draws);
  counts.fill(0);
  for (let draw = 0; draw < draws.length; draw += 1) {
    const row = ((draws[draw] as number) * scale) | 0;
    counts[row] = (counts[row] as number) + 1;
  }
}

/** Eight dot products in one pass over two columns: this loop is where a report of many trials spends its time. */
function weightedMeans([x, y]: Pair, [meansX, meansY]: Pair, [c0, c1, c2, c3]: Lanes, first: number): void {
  const rows = x.length;
  let [x0, x1, x2, x3, y0, y1, y2, y3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    const v = x[row] as number;
    const w = y[row] as number;
    const k0 = c0[row] as number;
    const k1 = c1[row] as number;
    const k2 = c2[row] as number;
    const k3 = c3[row] as number;
    x0 += v * k0;
    x1 += v * k1;
    x2 += v * k2;
    x3 += v * k3;
    y0 += w * k0;
    y1 += w * k1;
    y2 += w * k2;
    y3 += w * k3;
  }
  store(meansX, first, [x0, x1, x2, x3], rows);
  store(meansY, first, [y0, y1, y2, y3], rows);
}

/** Writes past the end of a typed array are ignored: the last block may hold fewer than four resamples. */
function store(means: Float64Array, first: number, sums: readonly number[], rows: number): void {
  for (let lane = 0; lane < LANES; lane += 1) means[first + lane] = (sums[lane] as number) / rows;
}

/**
 * Percentile interval of the ratio of means from two sets of resampled means, drawn independently of each other.
 * `confidence` is 0.95 for a 95 % interval. Denominators must be positive.
 */
export function ratioInterval(numerator: Float64Array, denominator: Float64Array, confidence: number): Interval {
  const count = Math.min(numerator.length, denominator.length);
  const ratios = new Float64Array(count);
  for (let index = 0; index < count; index += 1) {
    ratios[index] = (numerator[index] as number) / (denominator[index] as number);
  }
  ratios.sort();
  const tail = (1 - confidence) / 2;
  return { low: quantileOfSorted(ratios, tail), high: quantileOfSorted(ratios, 1 - tail) };
}
