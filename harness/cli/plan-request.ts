import { loadConfig, type Config } from '../config/load.js';
import { BenchError } from '../errors.js';
import { platforms } from '../platforms/index.js';
import { leftOutOf, makePlan } from '../run/plan/plan.js';
import type { Plan, ProfileId, Suite, TargetConfig, Workload } from '../types.js';
import type { CommonOptions } from './context.js';
import { allSuites, allWorkloads, exhibits } from './registries.js';
import { checkPeers, chooseSuites, chooseTargets, chooseWorkloads, requireSome } from './select.js';

/** Options that say which targets. */
export interface TargetChoice extends CommonOptions {
  readonly hosts: string;
  readonly target: readonly string[];
}

/** Options that say which suites, at which sizes. */
export interface SuiteChoice {
  readonly suite: readonly string[];
  readonly workload: readonly string[];
  readonly exhibit: readonly string[];
  readonly profile: ProfileId;
}

export interface PlanChoice extends TargetChoice, SuiteChoice {
  readonly trials?: number;
  readonly seed?: number;
  readonly gate: NonNullable<Plan['gates']>;
  readonly order?: Plan['order'];
  /** A fraction of 1. */
  readonly ciWidth?: number;
  readonly minTrials?: number;
  readonly maxTrials?: number;
  /** The target against itself. */
  readonly noise?: true;
  readonly json: boolean;
}

export interface Subjects {
  readonly suites: readonly Suite[];
  readonly workloads: readonly Workload[];
}

/** Of `--ci-width`, without `--min-trials` and `--max-trials`. */
const DEFAULT_MIN_TRIALS = 5;
const DEFAULT_MAX_TRIALS = 30;

/** The rule on precision that the options make. Throws where they contradict each other. */
export function ruleOf({ ciWidth, minTrials, maxTrials, trials }: PlanChoice): Plan['precision'] {
  const given = [
    ...(minTrials === undefined ? [] : ['--min-trials']),
    ...(maxTrials === undefined ? [] : ['--max-trials']),
    ...(trials === undefined ? [] : ['--trials']),
  ];
  if (ciWidth === undefined) {
    if (given.every((name) => name === '--trials')) return undefined;
    const message = '--min-trials and --max-trials limit the trials of --ci-width';
    throw new BenchError({ stage: 'config', message, expected: '--ci-width beside them', found: given.join(', ') });
  }
  const rule = {
    ciWidth,
    minTrials: minTrials ?? Math.min(DEFAULT_MIN_TRIALS, maxTrials ?? DEFAULT_MAX_TRIALS),
    maxTrials: maxTrials ?? DEFAULT_MAX_TRIALS,
  };
  if (trials !== undefined) {
    const message = '--ci-width decides how many trials there are';
    throw new BenchError({ stage: 'config', message, expected: '--min-trials and --max-trials', found: '--trials' });
  }
  if (rule.minTrials > rule.maxTrials || rule.minTrials < 3) {
    const message = 'no interval can be judged by so few trials, or the least is above the most';
    throw new BenchError({
      stage: 'config',
      message,
      expected: '3 <= min-trials <= max-trials',
      found: `${rule.minTrials} and ${rule.maxTrials}`,
    });
  }
  return rule;
}

/** Without `--seed`; fixed, so that `plan` prints what `run` does. */
const DEFAULT_SEED = 1;

/** The hosts file, checked against the suites of this version. */
export function readHosts(path: string): Promise<Config> {
  return loadConfig(path, { suites: allSuites.map(({ id }) => id) });
}

export function targetsOf(choice: TargetChoice, config: Config): readonly TargetConfig[] {
  return chooseTargets(choice.target, config);
}

/** What was asked to be measured: at least one of them. */
export function subjectsOf(choice: SuiteChoice): Subjects {
  const suites = chooseSuites(choice, allSuites, exhibits);
  const workloads = chooseWorkloads(choice, allWorkloads, exhibits);
  requireSome({ suites, workloads }, { suites: allSuites, workloads: allWorkloads });
  return { suites, workloads };
}

/** The suites that run in some guest of these targets. */
function suitesWithin({ suites, workloads }: Subjects, targets: readonly TargetConfig[]): readonly Suite[] {
  const assigned = workloads.flatMap((workload) => targets.flatMap(({ shape }) => workload.assign(shape)));
  const ids = new Set(assigned.map(({ suite }) => suite));
  return allSuites.filter((suite) => suites.includes(suite) || ids.has(suite.id));
}

/** The plan that the options ask for, with what was left out of it. The same options give the same plan. */
export async function planOf(
  choice: PlanChoice,
): Promise<{ readonly config: Config; readonly plan: Plan; readonly leftOut: readonly string[] }> {
  const subjects = subjectsOf(choice);
  const config = await readHosts(choice.hosts);
  const targets = targetsOf(choice, config);
  checkPeers(suitesWithin(subjects, targets), targets);
  const { trials, profile } = choice;
  const enforces = new Map(platforms.map((platform) => [platform.id, platform.enforces]));
  const precision = ruleOf(choice);
  const plan = makePlan({
    seed: choice.seed ?? DEFAULT_SEED,
    profile,
    ...subjects,
    targets,
    enforces,
    hosts: config.hosts,
    gates: choice.gate,
    ...(choice.order === undefined ? {} : { order: choice.order }),
    ...(precision === undefined ? {} : { precision }),
    ...(trials === undefined ? {} : { trials }),
    ...(choice.noise === undefined ? {} : { noise: choice.noise }),
    ...(config.baseline === undefined ? {} : { baseline: config.baseline }),
  });
  const unsuited = leftOutOf({ workloads: subjects.workloads, targets, enforces });
  if (plan.trials.length > 0) return { config, plan, leftOut: unsuited };
  throw new BenchError({ stage: 'config', message: `nothing is left to measure: ${unsuited.join('; ')}` });
}
