import type { Workload } from '../../harness/types.js';

/** Every workload of several guests. A new one is one file and one line here. */
export const workloads = [] as const satisfies readonly Workload[];
