import type { Assignment, Workload } from '../../harness/types.js';
import { metrics, parse, type DisturbedMetric } from './disturbed.js';

/** A database beside a guest that keeps the disk busy; alone it is the workload `osdb-1`. */
export const osdbBesideDd = {
  id: 'osdb-beside-dd',
  title: 'OSDB-IR beside a guest that writes',
  version: 1,
  about:
    "OSDB-IR in guest 0, while guest 1 writes a large file with dd over and over to a disk of its own. Rows per second are by the time of the whole program, as in the workload osdb-1, which is the same guest alone. The writing is confirmed by the instants of dd's calls: a trial in which dd did not write for all of the time has no value.",
  metrics,
  profiles: {
    paper: { trials: 5, expectedSeconds: 150 },
    quick: { trials: 3, expectedSeconds: 15 },
  },
  enforced: [],
  assign: (): readonly Assignment[] => [
    { guest: 0, suite: 'osdb-rows' },
    { guest: 1, suite: 'dd-load', role: 'load' },
  ],
  parse: (guests) => parse(guests),
} as const satisfies Workload<DisturbedMetric>;
