import { baselineInWords } from '../narrative/baselines.js';
import type { System } from '../model/types.js';
import type { FigureDefinition } from '../model/exhibit.js';

const ONE_GUEST = { metric: 'osdb-1/rows-per-second', system: 'baseline' } as const;

/** Figure 7 of Soltesz et al.: databases in 1, 2, 4 and 8 guests at once. */
export const figure7 = {
  kind: 'figure',
  id: 'figure-7',
  title: 'Figure 7: OSDB-IR at scale',
  suites: [],
  workloads: ['osdb-1', 'osdb-2', 'osdb-4', 'osdb-8'],
  reference: 'soltesz2007',
  groups: 'benchmarks',
  quantity: 'relative',
  bars: [
    { metric: 'osdb-1/rows-per-second', label: '1 guest', divisor: ONE_GUEST },
    { metric: 'osdb-2/rows-per-second', label: '2 guests', divisor: ONE_GUEST },
    { metric: 'osdb-4/rows-per-second', label: '4 guests', divisor: ONE_GUEST },
    { metric: 'osdb-8/rows-per-second', label: '8 guests', divisor: ONE_GUEST },
  ],
  sidePanels: [
    {
      title: 'Fairness among the guests',
      axis: 'Jain’s index: 100 % when all guests get the same',
      metrics: ['osdb-1/fairness', 'osdb-2/fairness', 'osdb-4/fairness', 'osdb-8/fairness'],
    },
    {
      title: 'CPU time for each row',
      axis: 'Of all guests, by the platform’s accounting; lower is better',
      metrics: ['osdb-1/cpu-per-row', 'osdb-2/cpu-per-row', 'osdb-4/cpu-per-row', 'osdb-8/cpu-per-row'],
    },
  ],
  unity: (baseline) => `${baseline}, 1 guest`,
  caption,
} as const satisfies FigureDefinition;

function caption(systems: readonly System[]): string {
  const baseline = baselineInWords(systems);
  return (
    `Throughput of all guests together, relative to that of one guest of ${baseline}: the rows that all guests read, divided by the ` +
    'time from the common start to the last finish, so that one slow guest lowers the result. Each guest runs its own PostgreSQL. ' +
    'The second panel shows how evenly the guests were served, the third the CPU time that a row took: where it grows with the ' +
    'number of guests, the machine does more work for each row, and less of the fall is the platform’s. Error bars are 95 % intervals. The paper prints no numbers for ' +
    'these bars; marks show what its text states about them.'
  );
}
