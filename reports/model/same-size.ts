import type { System } from './types.js';

type Sized = Pick<System, 'profile' | 'size'>;

/** Whether two systems were measured at one size. Outputs of no profile are where they state the same size. */
export function sameSize(a: Sized, b: Sized): boolean {
  return a.profile === b.profile && (a.profile !== 'unknown' || (a.size !== null && a.size === b.size));
}
