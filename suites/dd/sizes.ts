import type { Profile, ProfileId } from '../../harness/types.js';
import { spreads } from '../spread.js';

export const MIB = 1024 * 1024;

/** How much is written and read: `copies` of a block of random bytes. */
export interface Size {
  readonly blockMiB: number;
  readonly copies: number;
}

export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: { blockMiB: 128, copies: 48 },
  quick: { blockMiB: 64, copies: 32 },
};

export const bytesOf = ({ blockMiB, copies }: Size): number => blockMiB * copies * MIB;

const profile = (
  size: Size,
  words: string,
  more: Pick<Profile, 'trials' | 'expectedSeconds' | 'unstable'>,
): Profile => ({
  summary: `${words} of random bytes (${size.copies} times the same ${size.blockMiB} MiB), bs=1M, fdatasync; then read cold`,
  // The file, the block, and what a file system keeps for itself.
  scratchBytes: Math.ceil((bytesOf(size) + size.blockMiB * MIB) * 1.05) + 64 * MIB,
  ...more,
});

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: profile(sizes.paper, '6 GiB', { trials: 5, expectedSeconds: 60 }),
  quick: profile(sizes.quick, '2 GiB', {
    trials: 3,
    expectedSeconds: 12,
    unstable: spreads(
      14,
      'where the disk is as fast as copying to and from the page cache, as a virtual disk that the host caches, any other use of the CPU changes the rate',
    ),
  }),
};
