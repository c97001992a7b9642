import { randomInt } from 'node:crypto';
import { loadConfig, type Config } from '../config/load.js';
import { BenchError } from '../errors.js';
import { platforms } from '../platforms/index.js';
import { leftOutOf, makePlan } from '../run/plan/plan.js';
import type { Plan, ProfileId, Suite, TargetConfig, Workload } from '../types.js';
import type { CommonOptions } from './context.js';
import { allSuites, allWorkloads, exhibits, publishedColumns } from './registries.js';
import { checkPeers, chooseSuites, chooseTargets, chooseWorkloads, requireSome } from './select.js';

/** Options that choose targets. */
export interface TargetChoice extends CommonOptions {
  readonly hosts: string;
  readonly target: readonly string[];
}

/** Options that choose suites and workloads, and their sizes. */
export interface BenchmarkChoice {
  readonly suite: readonly string[];
  readonly workload: readonly string[];
  readonly exhibit: readonly string[];
  readonly profile: ProfileId;
}

export interface PlanChoice extends TargetChoice, BenchmarkChoice {
  readonly trials?: number;
  readonly boots?: number;
  readonly seed?: number;
  readonly gate: NonNullable<Plan['gates']>;
  readonly order?: Plan['order'];
  /** A fraction of 1. */
  readonly ciWidth?: number;
  readonly minTrials?: number;
  readonly maxTrials?: number;
  /** Compare the target with itself. */
  readonly noise?: true;
  readonly json: boolean;
}

/** What a run measures. */
export interface Benchmarks {
  readonly suites: readonly Suite[];
  readonly workloads: readonly Workload[];
}

/** Limits of `--ci-width` where `--min-trials` and `--max-trials` are not given. */
const DEFAULT_MIN_TRIALS = 5;
const DEFAULT_MAX_TRIALS = 30;

/** The target precision of a plan. Throws a `BenchError` of stage `config` if options contradict each other. */
export function precisionOf({ ciWidth, minTrials, maxTrials, trials }: PlanChoice): Plan['precision'] {
  const given = [
    ...(minTrials === undefined ? [] : ['--min-trials']),
    ...(maxTrials === undefined ? [] : ['--max-trials']),
    ...(trials === undefined ? [] : ['--trials']),
  ];
  if (ciWidth === undefined) {
    if (given.every((name) => name === '--trials')) return undefined;
    const message = '--min-trials and --max-trials need --ci-width';
    throw new BenchError({ stage: 'config', message, expected: '--ci-width PERCENT', found: given.join(', ') });
  }
  const precision = {
    ciWidth,
    minTrials: minTrials ?? Math.min(DEFAULT_MIN_TRIALS, maxTrials ?? DEFAULT_MAX_TRIALS),
    maxTrials: maxTrials ?? DEFAULT_MAX_TRIALS,
  };
  if (trials !== undefined) {
    const message = '--ci-width and --trials exclude each other';
    const hint = 'limit the number of trials with --min-trials and --max-trials';
    throw new BenchError({ stage: 'config', message, hint });
  }
  if (precision.minTrials > precision.maxTrials || precision.minTrials < 3) {
    const message = '--min-trials and --max-trials are out of range';
    throw new BenchError({
      stage: 'config',
      message,
      expected: '3 <= min-trials <= max-trials',
      found: `${precision.minTrials} and ${precision.maxTrials}`,
    });
  }
  return precision;
}

/** Seeds are drawn below this: short enough to type again with `--seed`. */
const SEEDS = 1_000_000_000;

/** The hosts file, checked against the suites and publications of this version. */
export function readHosts(path: string): Promise<Config> {
  return loadConfig(path, { suites: allSuites.map(({ id }) => id), columns: publishedColumns });
}

/** The targets that the options name, or every target of the file. */
export function chosenTargets(choice: TargetChoice, config: Config): readonly TargetConfig[] {
  return chooseTargets(choice.target, config);
}

/** The suites and workloads that the options name. Throws a `BenchError` of stage `config` if there is none. */
export function chosenBenchmarks(choice: BenchmarkChoice): Benchmarks {
  const suites = chooseSuites(choice, allSuites, exhibits);
  const workloads = chooseWorkloads(choice, allWorkloads, exhibits);
  requireSome({ suites, workloads }, { suites: allSuites, workloads: allWorkloads });
  return { suites, workloads };
}

/** Every suite that runs in a guest of these targets, alone or as part of a workload. */
function suitesInGuests({ suites, workloads }: Benchmarks, targets: readonly TargetConfig[]): readonly Suite[] {
  const assigned = workloads.flatMap((workload) => targets.flatMap(({ shape }) => workload.assign(shape)));
  const ids = new Set(assigned.map(({ suite }) => suite));
  return allSuites.filter((suite) => suites.includes(suite) || ids.has(suite.id));
}

/** The plan of these options, and the workloads that a target cannot run. The same options give the same plan. */
export async function makeRequestedPlan(
  choice: PlanChoice,
): Promise<{ readonly config: Config; readonly plan: Plan; readonly leftOut: readonly string[] }> {
  const benchmarks = chosenBenchmarks(choice);
  const config = await readHosts(choice.hosts);
  const targets = chosenTargets(choice, config);
  checkPeers(suitesInGuests(benchmarks, targets), targets);
  const { trials, profile } = choice;
  const enforces = new Map(platforms.map((platform) => [platform.id, platform.enforces]));
  const precision = precisionOf(choice);
  const plan = makePlan({
    seed: choice.seed ?? randomInt(SEEDS),
    profile,
    ...benchmarks,
    targets,
    enforces,
    hosts: config.hosts,
    gates: choice.gate,
    ...(choice.order === undefined ? {} : { order: choice.order }),
    ...(precision === undefined ? {} : { precision }),
    ...(trials === undefined ? {} : { trials }),
    ...(choice.boots === undefined ? {} : { boots: choice.boots }),
    ...(choice.noise === undefined ? {} : { noise: choice.noise }),
    ...(config.baseline === undefined ? {} : { baseline: config.baseline }),
  });
  const leftOut = leftOutOf({ workloads: benchmarks.workloads, targets, enforces });
  if (plan.trials.length > 0) return { config, plan, leftOut };
  throw new BenchError({ stage: 'config', message: `no trial is left to run: ${leftOut.join('; ')}` });
}
