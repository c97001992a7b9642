import { loadConfig, type Config } from '../config/load.js';
import { platforms } from '../platforms/index.js';
import { makePlan } from '../run/plan.js';
import type { Plan, ProfileId, Suite } from '../types.js';
import type { CommonOptions } from './context.js';
import { allSuites, exhibits } from './registries.js';
import { checkPeers, chooseSuites, chooseTargets, type ChosenTargets } from './select.js';

/** Options that say which targets. */
export interface TargetChoice extends CommonOptions {
  readonly hosts: string;
  readonly target: readonly string[];
}

/** Options that say which suites, at which sizes. */
export interface SuiteChoice {
  readonly suite: readonly string[];
  readonly exhibit: readonly string[];
  readonly profile: ProfileId;
}

export interface PlanChoice extends TargetChoice, SuiteChoice {
  readonly trials?: number;
  readonly seed?: number;
  readonly json: boolean;
}

/** Without `--seed`; fixed, so that `plan` prints what `run` does. */
const DEFAULT_SEED = 1;

/** The hosts file, checked against the suites of this version. */
export function readHosts(path: string): Promise<Config> {
  return loadConfig(path, { suites: allSuites.map(({ id }) => id) });
}

export function targetsOf(choice: TargetChoice, config: Config): ChosenTargets {
  return chooseTargets(choice.target, config, new Set(platforms.map(({ id }) => id)));
}

export function suitesOf(choice: SuiteChoice): readonly Suite[] {
  return chooseSuites(choice, allSuites, exhibits);
}

/** The plan that the options ask for, with what was left out of it. The same options give the same plan. */
export async function planOf(
  choice: PlanChoice,
): Promise<{ readonly config: Config; readonly plan: Plan; readonly leftOut: readonly string[] }> {
  const suites = suitesOf(choice);
  const config = await readHosts(choice.hosts);
  const { targets, leftOut } = targetsOf(choice, config);
  checkPeers(suites, targets);
  const { trials, profile } = choice;
  const plan = makePlan({
    seed: choice.seed ?? DEFAULT_SEED,
    profile,
    suites,
    targets,
    ...(trials === undefined ? {} : { trials }),
    ...(config.baseline === undefined ? {} : { baseline: config.baseline }),
  });
  return { config, plan, leftOut };
}
