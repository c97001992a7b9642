import { listRuns, loadPlan, loadRun } from '../../store/index.js';
import type { LoadedRun, Plan } from '../../types.js';
import { loadNoiseRun } from '../noise-run.js';

/**
 * The named noise runs, or else, for each host and profile of the compared runs, the newest in the folder that was measured
 * there.
 */
export async function noiseRuns(
  runsDir: string,
  named: readonly string[],
  compared: readonly LoadedRun[],
): Promise<readonly LoadedRun[]> {
  const found: LoadedRun[] = [];
  for (const name of named) found.push(await loadNoiseRun(runsDir, name));
  if (named.length > 0) return found;
  const wanted = new Set(compared.flatMap(({ stored }) => placesOf(stored.plan)));
  for (const id of (await listRuns(runsDir)).toReversed()) {
    if (wanted.size === 0) break;
    const plan = await loadPlan(runsDir, id).then(
      (stored) => stored.plan,
      () => undefined,
    );
    if (plan?.noise !== true || !placesOf(plan).some((place) => wanted.has(place))) continue;
    found.push(await loadRun(runsDir, id));
    for (const place of placesOf(plan)) wanted.delete(place);
  }
  return found;
}

/** Where and how a plan measures, as far as a noise floor depends on it. */
function placesOf({ profile, targets }: Plan): readonly string[] {
  return targets.map(({ host }) => JSON.stringify([profile, host]));
}
