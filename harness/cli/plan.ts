import { BenchError, EXIT } from '../errors.js';
import { makePace } from '../run/plan/pace.js';
import { planHash } from '../store/index.js';
import type { Plan, PlannedTrial } from '../types.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { planOf, type PlanChoice } from './plan-request.js';
import { counted, writeDuration } from './progress.js';
import { allSuites, allWorkloads } from './registries.js';

export interface PlanOptions extends PlanChoice {
  /** Relative: 0.02 is 2 %. */
  readonly detect?: number;
}

/**
 * `bench plan`: the trials of a run in their order, and the hash that the run would store; with `--detect` how many
 * trials it would take, by runs that there are.
 */
export async function plan(context: Context, options: PlanOptions, runs: readonly string[]): Promise<number> {
  const { detect: resolve } = options;
  if (resolve !== undefined) {
    return (await import('./plan-detect.js')).planDetect(context, { ...options, detect: resolve }, runs);
  }
  if (runs.length > 0) {
    const message = 'runs are looked at with --detect only';
    throw new BenchError({ stage: 'config', message, found: runs.join(' ') });
  }
  const { printer } = context;
  const { plan, leftOut } = await planOf(options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  if (options.json) {
    printer.out(jsonText({ hash: planHash(plan), plan }));
    return EXIT.done;
  }
  printer.out(
    alignColumns([
      ['trial', 'block', 'target', 'suite'],
      ...plan.trials.map((trial) => [trial.id, String(trial.block), trial.target, describeSubject(trial)]),
    ]),
  );
  printer.out(`plan ${planHash(plan)}\n`);
  printer.line(describePlan(plan));
  return EXIT.done;
}

/** `dd`, or of a workload `table-3-cap: 7 hourglass + hourglass (cap 0.25)`. */
export function describeSubject({ workload, assignments }: PlannedTrial): string {
  const kinds = assignments.map(({ suite, limits, role }) => {
    const special = [
      ...(limits?.cpuWeight === undefined ? [] : [`weight ${Number(limits.cpuWeight.toFixed(2))}`]),
      ...(limits?.cpuCap === undefined ? [] : [`cap ${Number(limits.cpuCap.toFixed(3))}`]),
      ...(limits?.cpuReservation === undefined ? [] : [`reservation ${Number(limits.cpuReservation.toFixed(3))}`]),
      ...(role === undefined ? [] : [role]),
    ];
    return special.length === 0 ? suite : `${suite} (${special.join(', ')})`;
  });
  const guests = [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((other) => other === kind).length;
    return count === 1 ? kind : `${count} ${kind}`;
  });
  return workload === undefined ? guests.join(' + ') : `${workload}: ${guests.join(' + ')}`;
}

/** `6 trials at the quick profile, seed 1: about 3 min 0 s`. */
export function describePlan(plan: Plan): string {
  const suites = new Map(allSuites.map((suite) => [suite.id, suite]));
  const workloads = new Map(allWorkloads.map((workload) => [workload.id, workload]));
  const seconds = makePace(plan, suites, workloads).remaining(plan.trials);
  return `${counted(plan.trials.length, 'trial')} at the ${plan.profile} profile, seed ${plan.seed}: about ${writeDuration(seconds)}`;
}
