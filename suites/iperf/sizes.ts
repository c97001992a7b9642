import type { Profile, ProfileId } from '../../harness/types.js';

/** How long data flow, in seconds. The paper profile's minute is the paper's own. */
export const seconds: Readonly<Record<ProfileId, number>> = { paper: 60, quick: 3 };

const summary = (profile: ProfileId): string =>
  `one TCP connection, peer to guest, ${seconds[profile]} s, iperf's default window and buffers`;

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: { summary: summary('paper'), trials: 5, expectedSeconds: 66, scratchBytes: 2 ** 20 },
  quick: { summary: summary('quick'), trials: 3, expectedSeconds: 6, scratchBytes: 2 ** 20 },
};
