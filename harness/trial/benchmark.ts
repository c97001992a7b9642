import type { PlannedTrial, Suite, Workload } from '../types.js';

/** What a trial measures: a suite in one guest, or a workload in several. The metrics of both are called `id/name`. */
export type Benchmark = Suite | Workload;

/** Whether it is measured in several guests at once. */
export function isWorkload(benchmark: Benchmark): benchmark is Workload {
  return 'assign' in benchmark;
}

/** The id of what a planned trial measures, as its record has it: its workload, or its one suite. */
export const benchmarkOf = ({ workload, assignments }: PlannedTrial): string => workload ?? assignments[0].suite;
