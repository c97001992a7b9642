import { EXIT } from '../errors.js';
import { makePace } from '../run/remaining.js';
import { planHash } from '../store/index.js';
import type { Plan } from '../types.js';
import { alignColumns, jsonText } from './columns.js';
import type { Context } from './context.js';
import { planOf, type PlanChoice } from './plan-request.js';
import { counted, writeDuration } from './progress.js';
import { allSuites } from './registries.js';

export type PlanOptions = PlanChoice;

/** `bench plan`: the trials of a run in their order, and the hash that the run would store. */
export async function plan({ printer }: Context, options: PlanOptions): Promise<number> {
  const { plan, leftOut } = await planOf(options);
  for (const what of leftOut) printer.line(`left out: ${what}`);
  if (options.json) {
    printer.out(jsonText({ hash: planHash(plan), plan }));
    return EXIT.done;
  }
  printer.out(
    alignColumns([
      ['trial', 'block', 'target', 'suite'],
      ...plan.trials.map(({ id, block, target, workload }) => [
        id,
        String(block),
        target,
        workload.map(({ suite }) => suite).join(' + '),
      ]),
    ]),
  );
  printer.out(`plan ${planHash(plan)}\n`);
  printer.line(describePlan(plan));
  return EXIT.done;
}

/** `6 trials at the quick profile, seed 1: about 3 min 0 s`. */
export function describePlan(plan: Plan): string {
  const seconds = makePace(plan, new Map(allSuites.map((suite) => [suite.id, suite]))).remaining(plan.trials);
  return `${counted(plan.trials.length, 'trial')} at the ${plan.profile} profile, seed ${plan.seed}: about ${writeDuration(seconds)}`;
}
