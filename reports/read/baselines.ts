import type { LoadedRun, TargetConfig, TargetId } from '../../harness/types.js';
import type { System } from '../model/types.js';
import { platformIn } from './platforms.js';

/** A baseline as it was requested: of one target, or of all that have as many CPUs as the baseline. */
export interface RequestedBaseline {
  readonly baseline: TargetId;
  readonly target?: TargetId | undefined;
}

/** Which target the values of each are divided by. */
export interface Baselines {
  /** That of targets for which none is declared; null where the runs have none. */
  readonly main: TargetId | null;
  readonly of: (target: TargetId) => TargetId | null;
}

/**
 * Requested baselines replace those that runs declare. A baseline without a target is its own, and that of every target with
 * as many CPUs; where several or none have as many it is the first. Without a request each target has the baseline that
 * its configuration declares, else that of the plan.
 */
export function chooseBaselines(runs: readonly LoadedRun[], requested: readonly RequestedBaseline[] = []): Baselines {
  const configs = new Map<TargetId, TargetConfig>();
  for (const run of runs) for (const target of run.stored.plan.targets) configs.set(target.id, target);
  const general = requested.flatMap(({ baseline, target }) => (target === undefined ? [baseline] : []));
  const main = chooseBaseline(runs, general[0]);
  if (requested.length === 0) return { main, of: (target) => configs.get(target)?.baseline ?? main };
  const own = new Map(requested.flatMap(({ baseline, target }) => (target === undefined ? [] : [[target, baseline]])));
  const cpus = (target: TargetId): number | undefined => configs.get(target)?.shape.cpus.length;
  return {
    main,
    of: (target) => {
      const named = own.get(target) ?? general.find((baseline) => baseline === target);
      return named ?? general.find((baseline) => cpus(baseline) === cpus(target)) ?? main;
    },
  };
}

/**
 * The target of the baseline: the requested one, else that of a plan, else the one with the usual name, else the first
 * that no boundary separates from its host.
 */
export function chooseBaseline(runs: readonly LoadedRun[], requested: TargetId | undefined): TargetId | null {
  if (requested !== undefined) return requested;
  const planned = runs.map((run) => run.stored.plan.baseline).find((baseline) => baseline !== undefined);
  if (planned !== undefined) return planned;
  const targets = runs.flatMap((run) => run.stored.plan.targets.map(({ id, platform }) => ({ run, id, platform })));
  const usual =
    targets.find(({ id }) => id === USUAL_BASELINE) ??
    targets.find(({ run, platform }) => platformIn(run, platform)?.boundary === 'none');
  return usual?.id ?? null;
}

/** The target that is the baseline where no plan names one. */
const USUAL_BASELINE = 'linux-up';

/** Whether the values of a system may be divided by those of a candidate: of the arms of a noise run only by arm a. */
export function isBaselineOf(candidate: System, { normalizedBy }: Pick<System, 'normalizedBy'>): boolean {
  return candidate.target === normalizedBy && (candidate.arm === null || candidate.arm === 'a');
}

/** The first system that the values of a system may be divided by, one of its own origin first; undefined without any. */
export function baselineSystem(system: System, systems: readonly System[]): System | undefined {
  const all = systems.filter((candidate) => isBaselineOf(candidate, system));
  return all.find(({ origin }) => origin === system.origin) ?? all[0];
}

/** Whether values of measured systems are divided by more than one target. */
export function hasSeveralBaselines(systems: readonly System[]): boolean {
  const measured = systems.filter(({ origin }) => origin !== 'published');
  return new Set(measured.flatMap(({ normalizedBy }) => normalizedBy ?? [])).size > 1;
}
