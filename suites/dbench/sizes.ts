import type { ProfileId } from '../../harness/types.js';

/** How long the steps of a trial run, in seconds: the value of `-t`. */
export type Seconds = Readonly<Record<'whole-load' | 'first-90000', number>>;

/** dbench warms up for a fifth of this in whole seconds: below five there would be no warm-up. */
export const sizes: Readonly<Record<ProfileId, Seconds>> = {
  paper: { 'whole-load': 60, 'first-90000': 60 },
  quick: { 'whole-load': 10, 'first-90000': 10 },
};
