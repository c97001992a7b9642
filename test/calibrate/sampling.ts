import { randomStream, uniform } from '../../harness/random.js';

/** Draws of one simulated metric: what a tool would have printed in each trial. */
export interface Population {
  readonly name: string;
  /** Mean of the distribution, which intervals should cover. */
  readonly mean: number;
  readonly draw: () => number;
}

/** Shapes that measured rates and times have: symmetric, or with a longer tail above. */
export const SHAPES = ['normal', 'lognormal'] as const;
export type Shape = (typeof SHAPES)[number];

/** A source of standard normal numbers: the polar method of Marsaglia and Bray (SIAM Review 6, 1964). */
export function normals(seed: string): () => number {
  const next = randomStream(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * uniform(next) - 1;
      const v = 2 * uniform(next) - 1;
      const s = u * u + v * v;
      if (s === 0 || s >= 1) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * scale;
      return u * scale;
    }
  };
}

/** A population of this shape with the given mean and coefficient of variation. */
export function population(shape: Shape, mean: number, cv: number, normal: () => number): Population {
  const name = `${shape}, CV ${Number((100 * cv).toPrecision(3))} %`;
  if (shape === 'normal') return { name, mean, draw: () => mean * (1 + cv * normal()) };
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const mu = Math.log(mean) - sigma ** 2 / 2;
  return { name, mean, draw: () => Math.exp(mu + sigma * normal()) };
}

export function draws({ draw }: Population, count: number): Float64Array {
  return Float64Array.from({ length: count }, draw);
}

/** Monte Carlo error (one standard error) of a share that was seen in so many simulations. */
export function shareError(share: number, simulations: number): number {
  return Math.sqrt((share * (1 - share)) / simulations);
}
