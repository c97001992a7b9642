import type { Facts, Json, Platform } from '../types.js';

/** What a run stores of a platform, as the facts of `platform ID`: reports know a platform by these only. */
export function platformFacts({ label, boundary, kin, ownKernel = false, traits }: Platform): Facts {
  return { label, boundary, kin: kin as unknown as Json, ownKernel, traits: traits as unknown as Json };
}
