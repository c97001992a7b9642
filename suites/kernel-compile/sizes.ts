import type { Profile, ProfileId } from '../../harness/types.js';
import { spreads } from '../spread.js';

/** What is built, and what must have come of it. */
export interface Size {
  /** `archive`: all sources, unpacked and configured for each trial; `part`: what `install` configured once. */
  readonly sources: 'archive' | 'part';
  /** Targets of make; none means the kernel's default, an image and its modules. */
  readonly targets: readonly string[];
  /** Files below the sources that were not there before and must be there afterwards. */
  readonly products: readonly string[];
  /** Fewer object files than this cannot be the whole work: versions and architectures differ. */
  readonly leastObjects: number;
  /** Free space that the RAM file system must have, KiB: sources and what is built. */
  readonly roomKiB: number;
  readonly limitSeconds: number;
}

const PARTS = ['kernel/locking/', 'kernel/time/', 'lib/crypto/'] as const;

/** Release 6.1 makes 23 objects of the parts, for x86. The room for a whole build is an estimate from above. */
export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: {
    sources: 'archive',
    targets: [],
    products: ['vmlinux', 'vmlinux.o'],
    leastObjects: 1500,
    roomKiB: 2_800_000,
    limitSeconds: 4 * 3600,
  },
  quick: {
    sources: 'part',
    targets: PARTS,
    products: PARTS.map((part) => `${part}built-in.a`),
    leastObjects: 15,
    roomKiB: 250_000,
    limitSeconds: 600,
  },
};

/** Room on disk is for the part of the sources that is kept; the build itself is in the RAM file system. */
export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: {
    summary: 'defconfig of the guest’s linux-source, whole kernel and modules, make -j(2 x CPUs), in a RAM file system',
    trials: 5,
    expectedSeconds: 700,
    scratchBytes: 64 * 2 ** 20,
  },
  quick: {
    summary: `tinyconfig of the guest’s linux-source, only ${PARTS.join(' ')}, make -j(2 x CPUs), in a RAM file system`,
    trials: 3,
    expectedSeconds: 10,
    scratchBytes: 64 * 2 ** 20,
    unstable: spreads(7.3, 'only a small part of the kernel is built, in seconds'),
  },
};
