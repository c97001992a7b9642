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
  readonly until?: number;
  readonly least?: number;
  readonly most?: number;
  /** The target against itself. */
  readonly noise?: true;
  readonly json: boolean;
}

export interface Subjects {
  readonly suites: readonly Suite[];
  readonly workloads: readonly Workload[];
}

/** Of `--until`, without `--least` and `--most`. */
const LEAST_TRIALS = 5;
const MOST_TRIALS = 30;

/** The rule on precision that the options make. Throws where they contradict each other. */
export function ruleOf({ until, least, most, trials }: PlanChoice): Plan['until'] {
  const given = [
    ...(least === undefined ? [] : ['--least']),
    ...(most === undefined ? [] : ['--most']),
    ...(trials === undefined ? [] : ['--trials']),
  ];
  if (until === undefined) {
    if (given.every((name) => name === '--trials')) return undefined;
    const message = '--least and --most say how many trials --until may take';
    throw new BenchError({ stage: 'config', message, expected: '--until beside them', found: given.join(', ') });
  }
  const rule = {
    relativeWidth: until,
    least: least ?? Math.min(LEAST_TRIALS, most ?? MOST_TRIALS),
    most: most ?? MOST_TRIALS,
  };
  if (trials !== undefined) {
    const message = '--until decides how many trials there are';
    throw new BenchError({ stage: 'config', message, expected: '--least and --most', found: '--trials' });
  }
  if (rule.least > rule.most || rule.least < 3) {
    const message = 'no interval can be judged by so few trials, or the least is above the most';
    throw new BenchError({
      stage: 'config',
      message,
      expected: '3 <= least <= most',
      found: `${rule.least} and ${rule.most}`,
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
  const until = ruleOf(choice);
  const plan = makePlan({
    seed: choice.seed ?? DEFAULT_SEED,
    profile,
    ...subjects,
    targets,
    enforces,
    hosts: config.hosts,
    gates: choice.gate,
    ...(choice.order === undefined ? {} : { order: choice.order }),
    ...(until === undefined ? {} : { until }),
    ...(trials === undefined ? {} : { trials }),
    ...(choice.noise === undefined ? {} : { noise: choice.noise }),
    ...(config.baseline === undefined ? {} : { baseline: config.baseline }),
  });
  const unsuited = leftOutOf({ workloads: subjects.workloads, targets, enforces });
  if (plan.trials.length > 0) return { config, plan, leftOut: unsuited };
  throw new BenchError({ stage: 'config', message: `nothing is left to measure: ${unsuited.join('; ')}` });
}
