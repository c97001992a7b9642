import { mean, variance } from './descriptive.js';

/** How much of a variance is between groups, and how much within them, in squared units of the values. */
export interface VarianceComponents {
  readonly between: number;
  readonly within: number;
  /** Whether `between` was estimated as negative, and is 0 instead: groups vary less than values within them do. */
  readonly clipped: boolean;
}

/**
 * Variance components of the one-way random-effects model by the analysis of variance, for groups of any sizes: within =
 * MSW, between = (MSB - MSW) / n0 with n0 = (N - sum n_i^2 / N) / (k - 1) (Searle, Casella and McCulloch, "Variance
 * Components", 1992, section 3.6). Undefined for fewer than two groups, and where no group has two values.
 */
export function varianceComponents(groups: readonly ArrayLike<number>[]): VarianceComponents | undefined {
  const sizes = groups.map(({ length }) => length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (groups.length < 2 || total <= groups.length || sizes.includes(0)) return undefined;
  const means = groups.map((group) => mean(group));
  const grand = groups.reduce((sum, { length }, at) => sum + length * (means[at] as number), 0) / total;
  const squaresWithin = groups.reduce(
    (sum, group) => sum + (group.length < 2 ? 0 : (group.length - 1) * variance(group)),
    0,
  );
  const squaresBetween = sizes.reduce((sum, size, at) => sum + size * ((means[at] as number) - grand) ** 2, 0);
  const within = squaresWithin / (total - groups.length);
  const size = (total - sizes.reduce((sum, each) => sum + each ** 2, 0) / total) / (groups.length - 1);
  const between = (squaresBetween / (groups.length - 1) - within) / size;
  return { between: Math.max(0, between), within, clipped: between < 0 };
}
