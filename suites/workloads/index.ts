import type { Workload } from '../../harness/types.js';
import { osdb1, osdb2, osdb4, osdb8 } from './osdb-at-once.js';
import { osdbBesideDd } from './osdb-beside-dd.js';
import { table3Cap, table3Equal, table3Weight } from './table-3.js';

/** Every workload of several guests. A new one is one file and one line here. */
export const workloads = [
  table3Equal,
  table3Weight,
  table3Cap,
  osdb1,
  osdb2,
  osdb4,
  osdb8,
  osdbBesideDd,
] as const satisfies readonly Workload[];
