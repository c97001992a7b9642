import type { Assignment, Workload } from '../../harness/types.js';
import { metrics, parse, type ThroughputMetric } from './throughput.js';

/**
 * Percent. Guests with the same work finish at different times on an unfair system, which is what is measured; below this they would
 * rather have run one after another.
 */
const MIN_OVERLAP = 50;

/** OSDB-IR in so many guests at once, each with a PostgreSQL of its own. */
function osdbAtOnce<const Id extends string>(id: Id, guests: number) {
  return {
    id,
    title: guests === 1 ? 'OSDB-IR in one guest' : `OSDB-IR in ${guests} guests at once`,
    version: 1,
    about:
      "OSDB-IR, each guest with its own PostgreSQL and the same fixed work. The throughput of all is the rows that they read together, by the time from the first guest's start to the last one's finish: a slow guest lowers the result. Further metrics are what each guest reached by its own time, and how even that is: Jain's index is 100 % when all are alike, 100 % divided by the number of guests when one has everything.",
    metrics,
    profiles: {
      paper: { trials: 5, expectedSeconds: 60 + 40 * guests },
      quick: { trials: 3, expectedSeconds: 8 + 3 * guests },
    },
    enforced: [],
    overlapLimit: MIN_OVERLAP,
    assign: (): readonly Assignment[] => Array.from({ length: guests }, (_, guest) => ({ guest, suite: 'osdb-rows' })),
    parse: (trials) => parse(trials),
  } as const satisfies Workload<ThroughputMetric>;
}

export const osdb1 = osdbAtOnce('osdb-1', 1);
export const osdb2 = osdbAtOnce('osdb-2', 2);
export const osdb4 = osdbAtOnce('osdb-4', 4);
export const osdb8 = osdbAtOnce('osdb-8', 8);
