import type { OpenRun } from '../../store/index.js';
import type { PlannedTrial, Platform, Problem, Suite, TargetConfig, Workload } from '../../types.js';
import type { Attempt } from './attempt.js';
import type { HostsInUse } from '../session/hosts-in-use.js';
import { makeTasks } from './attempt.js';
import type { LaunchedAttempt } from './unfinished.js';
import type { World } from '../session/world.js';

/** A planned trial with its target, platform and suites. */
interface ResolvedTrial {
  readonly target: TargetConfig;
  readonly platform: Platform;
  readonly suites: readonly Suite[];
  readonly workload?: Workload;
}

/** A trial whose hosts are connected. Each attempt gets its own `GuestTask`s. */
export interface TrialSetUp {
  attempt(number: number, launched: LaunchedAttempt | undefined): Attempt;
}

/** Resolves a trial and connects to its hosts; undefined when that is impossible, after the reason was reported. */
export async function setUpTrial(
  context: {
    readonly world: World;
    readonly run: OpenRun;
    readonly hosts: HostsInUse;
    readonly signal: AbortSignal;
    readonly problem: (problem: Problem) => void;
    readonly notice: (what: string) => void;
    readonly stage: Attempt['stage'];
  },
  trial: PlannedTrial,
): Promise<TrialSetUp | undefined> {
  const { world, run, hosts, signal, problem, notice, stage } = context;
  const resolved = resolveTrial(world, run, trial);
  if (resolved === undefined) {
    // Plans are checked when they are made; one that was stored by another version may name what this one lacks.
    const message = `trial ${trial.id} names a target, suite, workload or platform that this version of bench does not know`;
    problem({ stage: 'config', message, target: trial.target });
    return undefined;
  }
  const { target, platform, suites, workload } = resolved;
  const networked = suites.find((suite) => suite.needs.peer === true);
  if (networked !== undefined && target.peer === undefined) {
    const message = 'the suite needs a peer, a host at the other end of the network';
    const hint = 'set "peer" of the target in the hosts file';
    problem({ stage: 'config', message, hint, target: target.id, suite: networked.id });
    return undefined;
  }
  const session = await hosts.reach(target.host, target, trial.boot);
  const peer = networked === undefined ? undefined : await hosts.reach(target.peer ?? '');
  if (session === undefined || (networked !== undefined && peer === undefined)) return undefined;
  if (!hosts.hasRoomFor(trial)) return undefined;
  return {
    attempt(number, launched) {
      const tasks = makeTasks(world.suites, run, target, trial);
      if (tasks === undefined) throw new RangeError(`trial ${trial.id} has no guests`);
      for (const task of tasks) task.launched = launched?.launches.get(task.assignment.guest);
      return {
        world,
        run,
        session,
        ...(peer === undefined ? {} : { peer }),
        platform,
        target,
        ...(workload === undefined ? {} : { workload }),
        tasks,
        trial,
        number,
        signal,
        notice,
        stage,
        described: hosts.described,
      };
    },
  };
}

function resolveTrial(world: World, run: OpenRun, trial: PlannedTrial): ResolvedTrial | undefined {
  const target = run.stored.plan.targets.find(({ id }) => id === trial.target);
  const platform = target === undefined ? undefined : world.platforms.get(target.platform);
  const suites = trial.assignments.map(({ suite }) => world.suites.get(suite)).filter((suite) => suite !== undefined);
  if (target === undefined || platform === undefined || suites.length < trial.assignments.length) return undefined;
  if (trial.workload === undefined) return suites.length === 1 ? { target, platform, suites } : undefined;
  const workload = world.workloads.get(trial.workload);
  return workload === undefined ? undefined : { target, platform, suites, workload };
}
