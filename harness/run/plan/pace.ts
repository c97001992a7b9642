import type { Plan, PlannedTrial, Suite, Workload } from '../../types.js';
import { benchmarkOf } from '../../trial/benchmark.js';

/** Starting, checking and stopping a guest; used until a trial was timed. */
const OVERHEAD_SECONDS = 4;

/** Estimates the remaining time of a run from the durations of its trials so far. */
export interface Pace {
  saw(trial: PlannedTrial, seconds: number): void;
  /** Seconds that the given trials will take: the mean of the same target and suite or workload, else of that, else its guess. */
  remaining(trials: readonly PlannedTrial[]): number;
}

export function makePace(
  plan: Plan,
  suites: ReadonlyMap<string, Suite>,
  workloads: ReadonlyMap<string, Workload> = new Map(),
): Pace {
  const seen = new Map<string, { total: number; count: number }>();
  const mean = (key: string): number | undefined => {
    const entry = seen.get(key);
    return entry === undefined ? undefined : entry.total / entry.count;
  };
  const add = (key: string, seconds: number): void => {
    const entry = seen.get(key) ?? { total: 0, count: 0 };
    seen.set(key, { total: entry.total + seconds, count: entry.count + 1 });
  };
  const guessOf = ({ workload, assignments }: PlannedTrial): number => {
    const known = workload === undefined ? suites.get(assignments[0].suite) : workloads.get(workload);
    return (known?.profiles[plan.profile].expectedSeconds ?? 60) + OVERHEAD_SECONDS;
  };
  return {
    saw(trial, seconds) {
      add(benchmarkOf(trial), seconds);
      add(`${trial.target} ${benchmarkOf(trial)}`, seconds);
    },
    remaining(trials) {
      let total = 0;
      for (const trial of trials) {
        const benchmark = benchmarkOf(trial);
        total += mean(`${trial.target} ${benchmark}`) ?? mean(benchmark) ?? guessOf(trial);
      }
      return total;
    },
  };
}
