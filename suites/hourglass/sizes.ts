import type { Profile, ProfileId } from '../../harness/types.js';

/** How long an hourglass runs, and its threshold for a gap. */
export interface Size {
  readonly seconds: number;
  readonly thresholdUs: number;
  readonly slotMs: number;
}

/**
 * A gap shorter than this is an interrupt in the program's own time: on virtual machines the timer's took up to 80 us. A
 * scheduler gives another guest 750 us at least.
 */
const THRESHOLD_US = 100;
/** Windows of time are summed up to this: two of them are 0.03 % of a minute. */
const SLOT_MS = 10;

/**
 * Schedulers even out in periods of up to 100 ms (quotas of control groups, token buckets), and slices take up to 30 ms
 * (Xen's credit scheduler): of a minute half a period is less than 0.1 %, of five seconds 1 %.
 */
export const sizes: Readonly<Record<ProfileId, Size>> = {
  paper: { seconds: 60, thresholdUs: THRESHOLD_US, slotMs: SLOT_MS },
  quick: { seconds: 5, thresholdUs: THRESHOLD_US, slotMs: SLOT_MS },
};

const profile = ({ seconds, thresholdUs }: Size, more: Pick<Profile, 'trials' | 'expectedSeconds'>): Profile => ({
  summary: `${seconds} s on each CPU of the guest, gaps of more than ${thresholdUs} us`,
  scratchBytes: 1_000_000,
  ...more,
});

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: profile(sizes.paper, { trials: 5, expectedSeconds: 62 }),
  quick: profile(sizes.quick, { trials: 3, expectedSeconds: 6 }),
};
