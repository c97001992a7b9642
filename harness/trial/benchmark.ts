import type { PlannedTrial } from '../types.js';

/** The id of what a planned trial measures, as its record has it: its workload, or its one suite. */
export const benchmarkOf = ({ workload, assignments }: PlannedTrial): string => workload ?? assignments[0].suite;
