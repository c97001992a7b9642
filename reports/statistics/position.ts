import jstat from 'jstat';

/** One value of one treatment (a target), and its place in the order of its block. */
export interface Placed {
  readonly treatment: string;
  readonly position: number;
  readonly value: number;
}

/** An F test with its degrees of freedom. */
export interface PositionTest {
  readonly f: number;
  readonly freedom: readonly [number, number];
  readonly p: number;
}

/** A column whose part that is new is smaller than this, relative to the column, is a combination of the others. */
const DEPENDENT = 1e-9;

/**
 * F test for an effect of position on the logarithm of values, adjusted for that of the treatment: the additive two-way
 * model with and without positions (Montgomery, "Design and Analysis of Experiments", 5.3). Counts need not be equal.
 * Undefined for values that are not all positive, where position and treatment cannot be separated, and where nothing
 * is left over to estimate the error from.
 */
export function positionTest(observations: readonly Placed[]): PositionTest | undefined {
  if (!observations.every(({ value }) => value > 0 && Number.isFinite(value))) return undefined;
  const logs = observations.map(({ value }) => Math.log(value));
  const treatments = indicators(observations.map(({ treatment }) => treatment));
  const positions = indicators(observations.map(({ position }) => position));
  const reduced = residual(logs, treatments);
  const full = residual(logs, [...treatments, ...positions]);
  const freedom = [full.rank - reduced.rank, logs.length - full.rank] as const;
  if (freedom[0] < 1 || freedom[1] < 1 || !(full.squares > DEPENDENT ** 2 * logs.length)) return undefined;
  const f = Math.max(0, reduced.squares - full.squares) / freedom[0] / (full.squares / freedom[1]);
  // The upper tail of F as an incomplete beta function: 1 - cdf would lose the digits of small p.
  const p = jstat.ibeta(freedom[1] / (freedom[1] + freedom[0] * f), freedom[1] / 2, freedom[0] / 2);
  return { f, freedom, p: Math.min(1, p) };
}

/** A column for each level: 1 where the observation has it, else 0. */
function indicators(levels: readonly (string | number)[]): number[][] {
  return [...new Set(levels)].map((level) => levels.map((own) => (own === level ? 1 : 0)));
}

/**
 * What is left of `y` after all combinations of the columns are removed, by Gram and Schmidt's method, and how many are
 * independent.
 */
function residual(y: readonly number[], columns: readonly (readonly number[])[]): { squares: number; rank: number } {
  const basis: number[][] = [];
  for (const column of columns) {
    const left = without(column, basis);
    const length = Math.sqrt(dot(left, left));
    if (length > DEPENDENT * Math.sqrt(dot(column, column))) basis.push(left.map((value) => value / length));
  }
  const left = without(y, basis);
  return { squares: dot(left, left), rank: basis.length };
}

/** The part of a vector that is orthogonal to an orthonormal basis; twice, because once leaves rounding errors. */
function without(vector: readonly number[], basis: readonly (readonly number[])[]): readonly number[] {
  let left = vector;
  for (const unit of [...basis, ...basis]) {
    const part = dot(left, unit);
    left = left.map((value, at) => value - part * (unit[at] ?? 0));
  }
  return left;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
