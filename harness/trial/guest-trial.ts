import type { Assignment, ClockOffset, GuestTiming, GuestTrial, Installation, RecordedProfile } from '../types.js';
import type { TrialFile } from './file-names.js';
import { measuredProfile } from './measured-profile.js';
import { readRawTrial, type AccountedTrial } from './raw-trial.js';

/** One guest of a stored trial: what parsers read, and the agent's accounting for judging it. */
export type GuestReading = GuestTrial & { readonly raw: AccountedTrial };

/** What is known of a guest besides its files. */
export interface GuestContext {
  readonly assignment: Assignment;
  readonly installation?: Installation | undefined;
  readonly clock?: ClockOffset | undefined;
  /** The boot of its host. */
  readonly boot?: string | undefined;
}

/** Guests of one kernel share its clock. */
const SAME_CLOCK: ClockOffset = { offsetNs: 0, boundNs: 0 };

/** Reads one guest from its own files. Throws as `readRawTrial`, and when no installation is recorded. */
export function readGuest(
  { assignment, installation, clock = SAME_CLOCK, boot }: GuestContext,
  files: readonly TrialFile[],
  profile: RecordedProfile,
): GuestReading {
  if (installation === undefined) throw new Error(`guest ${assignment.guest} was not installed`);
  const raw = readRawTrial(files, { profile: measuredProfile(profile), installation, boot });
  return { assignment, raw, timing: guestTiming(raw), clock };
}

/** Instants of a trial in its guest. */
export function guestTiming({ agent }: AccountedTrial): GuestTiming {
  const { startNs, startedNs, awakeNs, endedNs, steps } = agent;
  return {
    releasedNs: startNs,
    awakeNs,
    startedNs,
    endedNs,
    steps: Object.fromEntries(steps.map((step) => [step.name, { startNs: step.startNs, endNs: step.endNs }])),
  };
}
