import type { LoadedRun } from '../../harness/types.js';
import type { PlatformKind } from '../model/platform.js';

/** What a run stored of a platform; undefined where it stored nothing that can be read. */
export function platformIn(run: LoadedRun, id: string): PlatformKind | undefined {
  const stored = run.journal.findLast((entry) => entry.event === 'facts' && entry.of === `platform ${id}`);
  if (stored?.event !== 'facts') return undefined;
  const { boundary, kin, ownKernel } = stored.facts;
  if (boundary !== 'none' && boundary !== 'container' && boundary !== 'hypervisor') return undefined;
  return { boundary, kin: kinOf(kin), ownKernel: ownKernel === true };
}

/** Facts come from files of runs and may be anything. */
function kinOf(kin: unknown): PlatformKind['kin'] {
  if (typeof kin !== 'object' || kin === null || !('family' in kin) || !('same' in kin)) return null;
  const { family, same } = kin;
  return typeof family === 'string' && typeof same === 'boolean' ? { family, same } : null;
}
