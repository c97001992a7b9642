import type { Plan, PlannedTrial, ProfileId, Suite, TargetConfig, TargetId } from '../types.js';
import { seededStream, shuffled } from './seeded.js';

export interface PlanRequest {
  readonly seed: number;
  readonly profile: ProfileId;
  readonly suites: readonly Suite[];
  readonly targets: readonly TargetConfig[];
  /** Trials per target and suite; default: what each suite's profile says. */
  readonly trials?: number;
  readonly baseline?: TargetId;
}

/**
 * Orders the trials in randomized blocks: block k holds the k-th trial of every suite on every target; within it the
 * suites come in a random order, and for each suite its targets in a random order, so that what drifts over time
 * touches all targets alike. Pure: the same request gives the same plan.
 */
export function makePlan(request: PlanRequest): Plan {
  const next = seededStream(request.seed);
  const trials: PlannedTrial[] = [];
  const wanted = (suite: Suite): number => request.trials ?? suite.profiles[request.profile].trials;
  const blocks = Math.max(0, ...request.suites.map(wanted));
  for (let block = 1; block <= blocks; block += 1) {
    const present = request.suites.filter((suite) => wanted(suite) >= block);
    for (const suite of shuffled(present, next)) {
      for (const target of shuffled(request.targets, next)) {
        const id = `t${String(trials.length + 1).padStart(4, '0')}`;
        trials.push({ id, block, target: target.id, workload: [{ guest: 0, suite: suite.id }] });
      }
    }
  }
  return {
    schema: 'bench-plan/1',
    seed: request.seed,
    profile: request.profile,
    suites: request.suites.map(({ id, version }) => ({ id, version })),
    targets: request.targets,
    ...(request.baseline === undefined ? {} : { baseline: request.baseline }),
    order: 'randomized-blocks',
    replication: 'trial: a fresh start of the guest each time (native: the running host)',
    trials,
  };
}
