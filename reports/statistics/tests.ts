import jstat from 'jstat';
import { areFinite, mean, variance } from './descriptive.js';
import { satterthwaite } from './intervals.js';
import type { PositiveMean } from './positive.js';

/** Up to this product of sizes the exact distribution of U is counted out; above it the normal one is as good. */
const EXACT_PRODUCT = 400;

/**
 * Two-sided p value of Welch's t test for unequal means. Undefined when a side has fewer than two values, when
 * neither side varies, so that there is no error to compare the difference with, and when a value is not finite.
 */
export function welchTest(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length < 2 || b.length < 2 || !areFinite(a) || !areFinite(b)) return undefined;
  const [squareA, squareB] = [variance(a) / a.length, variance(b) / b.length];
  if (squareA === 0 && squareB === 0) return undefined;
  const { error, freedom } = satterthwaite([squareA, a.length - 1], [squareB, b.length - 1]);
  const t = Math.abs(mean(a) - mean(b)) / error;
  return Math.min(1, 2 * jstat.studentt.cdf(-t, freedom));
}

/**
 * Two-sided p value of the Mann-Whitney U test: exact when nothing is tied and the samples are small, otherwise normal
 * with correction for ties and continuity (Mann and Whitney 1947; Lehmann, "Nonparametrics", 1.4). Undefined when a
 * side is empty, when every value is the same, and when a value is not finite.
 */
export function mannWhitneyTest(a: ArrayLike<number>, b: ArrayLike<number>): number | undefined {
  if (a.length === 0 || b.length === 0 || !areFinite(a) || !areFinite(b)) return undefined;
  const { u, tieTerm } = rankSums(a, b);
  const product = a.length * b.length;
  const extreme = Math.max(u, product - u);
  if (tieTerm === 0 && product <= EXACT_PRODUCT) return Math.min(1, 2 * exactTail(extreme, a.length, b.length));
  const total = a.length + b.length;
  const spread = Math.sqrt((product / 12) * (total + 1 - tieTerm / (total * (total - 1))));
  if (spread === 0) return undefined;
  const z = (extreme - product / 2 - 0.5) / spread;
  return Math.min(1, 2 * jstat.normal.cdf(-z, 0, 1));
}

/** U of the first sample (pairs in which it is larger, ties half) and the sum of t^3 - t over groups of ties. */
function rankSums(a: ArrayLike<number>, b: ArrayLike<number>): { u: number; tieTerm: number } {
  const all = [
    ...Array.from(a, (value) => ({ value, first: true })),
    ...Array.from(b, (value) => ({ value, first: false })),
  ].sort((x, y) => x.value - y.value);
  let rankSum = 0;
  let tieTerm = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (end < all.length && all[end]?.value === all[start]?.value) end += 1;
    const rank = (start + 1 + end) / 2;
    for (let index = start; index < end; index += 1) if (all[index]?.first === true) rankSum += rank;
    tieTerm += (end - start) ** 3 - (end - start);
    start = end;
  }
  return { u: rankSum - (a.length * (a.length + 1)) / 2, tieTerm };
}

/** P(U >= u) without ties: orderings counted by the recursion of Mann and Whitney over the larger sample's last value. */
function exactTail(u: number, sizeA: number, sizeB: number): number {
  // ways[n][k]: orderings of the first m values of A among n of B with U = k, for the m of the outer loop.
  let ways: Float64Array[] = Array.from({ length: sizeB + 1 }, () => Float64Array.of(1));
  for (let m = 1; m <= sizeA; m += 1) {
    const row: Float64Array[] = [Float64Array.of(1)];
    for (let n = 1; n <= sizeB; n += 1) {
      const counts = new Float64Array(m * n + 1);
      // The largest of all is A's (then it beats all n of B) or B's.
      (ways[n] as Float64Array).forEach((count, k) => (counts[k + n] = (counts[k + n] as number) + count));
      (row[n - 1] as Float64Array).forEach((count, k) => (counts[k] = (counts[k] as number) + count));
      row.push(counts);
    }
    ways = row;
  }
  const counts = ways[sizeB] as Float64Array;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(u).reduce((sum, count) => sum + count, 0) / total;
}

/** Holm's adjustment of p values for several comparisons (Scandinavian Journal of Statistics 6, 1979), in given order. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((p, index) => ({ p, index })).sort((x, y) => x.p - y.p);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [position, { p, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - position)));
    adjusted[index] = largest;
  }
  return adjusted;
}

/**
 * Two-sided p value of a positive quantity being 1, by Student's t on the scale of logarithms: t = |ln center| / error. It
 * is below 1 - confidence exactly where `positiveInterval` of that confidence excludes 1.
 */
export function unityTest({ center, error, freedom }: PositiveMean): number {
  return Math.min(1, 2 * jstat.studentt.cdf(-Math.abs(Math.log(center)) / error, freedom));
}
