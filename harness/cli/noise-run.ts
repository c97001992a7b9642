import { fitsNoise, type NoiseSource } from '../../reports/index.js';
import { BenchError } from '../errors.js';
import { listRuns, loadPlan, loadRun } from '../store/index.js';
import type { LoadedRun, TargetId } from '../types.js';
import { findRun } from './runs.js';

/** The noise run with this name. Rejects with a `BenchError` of stage `config` for another run, and where there is none. */
export async function loadNoiseRun(runsDir: string, name: string): Promise<LoadedRun> {
  const run = await loadRun(runsDir, await findRun(runsDir, name));
  if (run.stored.plan.noise === true) return run;
  const message = `run ${run.id} is not a noise run`;
  throw new BenchError({ stage: 'config', message, hint: '`bench noise` makes one' });
}

/** The named noise run, or the newest in the folder that measured the baseline of the runs; undefined if there is none. */
export async function noiseFor(
  runsDir: string,
  asked: string | undefined,
  runs: readonly LoadedRun[],
  baseline: TargetId | undefined,
): Promise<NoiseSource | undefined> {
  if (asked !== undefined) return { run: await loadNoiseRun(runsDir, asked), how: 'requested' };
  // A report of noise runs shows their floors anyway.
  if (runs.every(({ stored }) => stored.plan.noise === true)) return undefined;
  for (const id of (await listRuns(runsDir)).toReversed()) {
    const stored = await loadPlan(runsDir, id).catch(() => undefined);
    if (stored?.plan.noise !== true || !fitsNoise(stored.plan, runs, baseline)) continue;
    return { run: await loadRun(runsDir, id), how: 'newest' };
  }
  return undefined;
}

/** Without noise runs, whose arms are not systems to compare; with them if there is no other run. */
export function withoutNoise(runs: readonly LoadedRun[]): readonly LoadedRun[] {
  const compared = runs.filter(({ stored }) => stored.plan.noise !== true);
  return compared.length === 0 ? runs : compared;
}
