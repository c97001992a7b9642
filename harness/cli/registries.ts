// What there is to choose from. Imported from where each is kept, not through `reports/index.ts`: templates and
// statistics are loaded only when a report is made.
import { exhibits } from '../../reports/exhibits/index.js';
import { references } from '../../reports/reference/index.js';
import { suites, workloads } from '../../suites/index.js';
import type { Suite, Workload } from '../types.js';

export { exhibits, references };

/** Every suite, as the harness sees them. */
export const allSuites: readonly Suite[] = suites;

/** Every workload of several guests. */
export const allWorkloads: readonly Workload[] = workloads;
