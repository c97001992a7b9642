import type { Profile, ProfileId } from '../../harness/types.js';

export const MIB = 1024 * 1024;

/** What one pass writes: `copies` of a block of random bytes; and the time after which a load ends by itself. */
export interface Size {
  readonly blockMiB: number;
  readonly copies: number;
  readonly mostSeconds: number;
}

/** One call of dd per block: many calls fall into the measured time, so the amount written in it is known. */
export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: { blockMiB: 64, copies: 96, mostSeconds: 3600 },
  quick: { blockMiB: 16, copies: 32, mostSeconds: 300 },
};

export const bytesOf = ({ blockMiB, copies }: Size): number => blockMiB * copies * MIB;

const profile = (size: Size, words: string, more: Pick<Profile, 'trials' | 'expectedSeconds'>): Profile => ({
  summary: `${words} of random bytes (${size.copies} times the same ${size.blockMiB} MiB) over and over, bs=1M, fdatasync after each pass`,
  // The file, the block, and what a file system keeps for itself.
  scratchBytes: Math.ceil((bytesOf(size) + size.blockMiB * MIB) * 1.05) + 64 * MIB,
  ...more,
});

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: profile(sizes.paper, '6 GiB', { trials: 5, expectedSeconds: sizes.paper.mostSeconds }),
  quick: profile(sizes.quick, '512 MiB', { trials: 3, expectedSeconds: sizes.quick.mostSeconds }),
};
