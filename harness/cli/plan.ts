import { BenchError, EXIT } from '../errors.js';
import { makePace } from '../run/plan/pace.js';
import { planHash } from '../store/index.js';
import type { HostConfig, HostId, Plan, PlannedTrial } from '../types.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { makeRequestedPlan, type PlanChoice } from './plan-request.js';
import { writeSpan } from './duration.js';
import { counted } from '../../reports/narrative/format.js';
import { allSuites, allWorkloads } from './registries.js';

export interface PlanOptions extends PlanChoice {
  /** Relative: 0.02 is 2 %. */
  readonly detect?: number;
}

/**
 * `bench plan`: prints the trials of a run in their order, and the hash of the plan. With `--detect`: the number of
 * trials that detects a difference, estimated from the variance in stored runs.
 */
export async function plan(context: Context, options: PlanOptions, runs: readonly string[]): Promise<number> {
  const { detect } = options;
  if (detect !== undefined) {
    return (await import('./plan-detect.js')).planDetect(context, { ...options, detect }, runs);
  }
  if (runs.length > 0) {
    const message = 'runs are read only with --detect';
    throw new BenchError({ stage: 'config', message, found: runs.join(' ') });
  }
  const { printer } = context;
  const { plan, leftOut } = await makeRequestedPlan(options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  if (options.json) {
    printer.out(jsonText({ hash: planHash(plan), plan }));
    return EXIT.done;
  }
  printer.out(
    alignColumns([
      ['trial', 'block', 'target', 'benchmark'],
      ...plan.trials.map((trial) => [trial.id, String(trial.block), trial.target, describeBenchmark(trial)]),
    ]),
  );
  printer.out(`plan ${planHash(plan)}\n`);
  printer.line(describePlan(plan));
  return EXIT.done;
}

/** The benchmark of a trial: `dd`, or for a workload `table-3-cap: 7 hourglass + hourglass (cap 0.25)`. */
export function describeBenchmark({ workload, assignments }: PlannedTrial): string {
  const kinds = assignments.map(({ suite, limits, role }) => {
    const notes = [
      ...(limits?.cpuWeight === undefined ? [] : [`weight ${Number(limits.cpuWeight.toFixed(2))}`]),
      ...(limits?.cpuCap === undefined ? [] : [`cap ${Number(limits.cpuCap.toFixed(3))}`]),
      ...(limits?.cpuReservation === undefined ? [] : [`reservation ${Number(limits.cpuReservation.toFixed(3))}`]),
      ...(role === undefined ? [] : [role]),
    ];
    return notes.length === 0 ? suite : `${suite} (${notes.join(', ')})`;
  });
  const guests = [...new Set(kinds)].map((kind) => {
    const count = kinds.filter((other) => other === kind).length;
    return count === 1 ? kind : `${count} ${kind}`;
  });
  return workload === undefined ? guests.join(' + ') : `${workload}: ${guests.join(' + ')}`;
}

/**
 * `6 trials at the quick profile, seed 1: 3 to 9 min`, by the expected duration of each suite; with hosts, also by how long
 * trials may wait there for quiet.
 */
export function describePlan(
  plan: Plan,
  quiet?: { readonly hosts: ReadonlyMap<HostId, HostConfig>; readonly waitOf: (host: HostConfig) => number },
): string {
  const suites = new Map(allSuites.map((suite) => [suite.id, suite]));
  const workloads = new Map(allWorkloads.map((workload) => [workload.id, workload]));
  const pace = makePace(plan, suites, workloads, ({ target: id }) => {
    const host = quiet?.hosts.get(plan.targets.find((target) => target.id === id)?.host ?? '');
    return host === undefined ? 0 : (quiet?.waitOf(host) ?? 0);
  });
  const expected = writeSpan(pace.expected(plan.trials));
  return `${counted(plan.trials.length, 'trial')} at the ${plan.profile} profile, seed ${plan.seed}: ${expected}`;
}
