import type { ProfileId, RecordedProfile } from '../types.js';

/** The profile of a plan or record of trials that `bench` carries out. Throws for imported output of no profile. */
export function measuredProfile(profile: RecordedProfile): ProfileId {
  if (profile !== 'unknown') return profile;
  throw new Error('imported output of no profile has no sizes to measure at');
}
