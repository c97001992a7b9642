// The registries, imported directly and not through `reports/index.ts`: templates and statistics are loaded only when a
// report is made.
import { exhibits } from '../../reports/exhibits/index.js';
import { publishedColumns, references } from '../../reports/reference/index.js';
import { publishedBenchmarks, statedIn } from '../../reports/reference/quantities.js';
import { comparisonExporters } from '../../reports/render/comparison/index.js';
import { exporters } from '../../reports/render/index.js';
import { suites, workloads } from '../../suites/index.js';
import type { Suite, Workload } from '../types.js';

export { comparisonExporters, exhibits, exporters, publishedBenchmarks, publishedColumns, references, statedIn };

/** Every suite. */
export const allSuites: readonly Suite[] = suites;

/** Every workload of several guests. */
export const allWorkloads: readonly Workload[] = workloads;
