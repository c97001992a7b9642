import type { ProfileId } from '../../harness/types.js';

/** How many files and transactions a trial has. */
export interface Size {
  readonly files: number;
  readonly transactions: number;
}

export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: { files: 100_000, transactions: 200_000 },
  quick: { files: 5_000, transactions: 40_000 },
};
