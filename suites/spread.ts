/**
 * `Profile.unstable` with the number that was measured. `cv`: the median over the metrics of their coefficient of variation in
 * three trials on a quiet machine, in percent; docs/measurements.md has all of them. `why`: what is known of the cause.
 */
export function spreads(cv: number, why: string): string {
  return `three trials on a quiet machine had a coefficient of variation of ${cv} % (median over the metrics); ${why}`;
}
