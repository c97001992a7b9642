import type { Origin } from '../harness/types.js';
import { readPositive, resolutionOf } from './parsing.js';

/**
 * A value and the step between values that its tool can print, in one unit: members of a `Reading`. The step is 0 for what
 * is exact, as a fixed amount of work.
 */
export interface Quantity {
  readonly value: number;
  readonly resolution: number;
}

/** A printed number above zero, see `readPositive`. Throws a `ParseError`. */
export function readQuantity(text: string, at?: Origin): Quantity {
  return { value: readPositive(text, at), resolution: resolutionOf(text) };
}

/** A count of things, which is whole. */
export function counted(value: number): Quantity {
  return { value, resolution: 1 };
}

/** What is the same in every trial. */
export function exact(value: number): Quantity {
  return { value, resolution: 0 };
}

/** Seconds of a clock of nanoseconds. */
export function clocked(seconds: number): Quantity {
  return { value: seconds, resolution: 1e-9 };
}

/** In another unit: `factor` of it in one of the unit. */
export function scaled({ value, resolution }: Quantity, factor: number): Quantity {
  return { value: value * factor, resolution: resolution * factor };
}

/** A quotient, whose resolution is that of both together: relative resolutions add like errors. */
export function divided(top: Quantity, bottom: Quantity): Quantity {
  const value = top.value / bottom.value;
  return { value, resolution: Math.hypot(top.resolution, value * bottom.resolution) / bottom.value };
}

/** A sum, whose resolution is that of all terms together. */
export function added(terms: readonly Quantity[]): Quantity {
  return {
    value: terms.reduce((sum, { value }) => sum + value, 0),
    resolution: Math.hypot(...terms.map(({ resolution }) => resolution)),
  };
}
