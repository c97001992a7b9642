import type { KnownMetricId } from '../../suites/index.js';
import { referenceById, tableOf } from '../reference/index.js';
import type { System } from '../model/types.js';
import type { RowDefinition, ShareRequest, TableDefinition } from '../model/exhibit.js';

const reference = referenceById('soltesz2007');

/** Deviation up to which the paper counts a share as achieved, in percentage points. */
const WITHIN = 1;

const QUARTER: ShareRequest = { percent: 25, of: 'cpu', within: WITHIN };
const EIGHTH: ShareRequest = { percent: 12.5, of: 'cpu', within: WITHIN };
const CAPACITY: ShareRequest = { percent: 100, of: 'capacity', within: WITHIN };

interface Experiment {
  readonly id: 'table-3-weight' | 'table-3-cap' | 'table-3-equal';
  readonly label: string;
}

const EXPERIMENTS: readonly Experiment[] = [
  { id: 'table-3-weight', label: 'Weight 1/4' },
  { id: 'table-3-cap', label: 'Cap 1/4' },
  { id: 'table-3-equal', label: 'All equal' },
];

type ShareMetric = KnownMetricId extends infer Id ? (Id extends `table-3-weight/${infer Name}` ? Name : never) : never;

/** One row for each experiment, under a heading. */
function part(
  heading: string,
  metric: ShareMetric,
  more: (experiment: Experiment) => Partial<RowDefinition> = () => ({}),
): RowDefinition[] {
  return EXPERIMENTS.map((experiment, index) => ({
    metric: `${experiment.id}/${metric}` as const,
    label: experiment.label,
    ...(index === 0 ? { part: heading } : {}),
    ...more(experiment),
  }));
}

const printed = new Set(tableOf(reference, 'table-3').rows.map(({ label }) => label));

/** Table 3 of Soltesz et al.: the CPU that a guest with a reservation gets among eight. */
export const table3 = {
  kind: 'table',
  id: 'table-3',
  title: 'Table 3: a quarter of the CPU for one of eight guests',
  suites: [],
  workloads: EXPERIMENTS.map(({ id }) => id),
  reference: reference.id,
  table: 'table-3',
  quantity: 'request',
  rows: [
    ...part('The guest with the reservation', 'guest-0', ({ id, label }) => ({
      request: id === 'table-3-equal' ? EIGHTH : QUARTER,
      ...(printed.has(label) ? { published: label } : {}),
    })),
    ...part('The other seven, mean', 'others-mean'),
    ...part('The other seven, lowest', 'others-lowest'),
    ...part('The other seven, highest', 'others-highest'),
    ...part('All eight, of the capacity', 'total', () => ({ request: CAPACITY })),
  ],
  caption,
} as const satisfies TableDefinition;

function caption(systems: readonly System[]): string {
  const sentences = [
    'Eight guests, each running an hourglass, share all CPUs of the target. Shares are in percent of one CPU: two CPUs are 200 %, ' +
      'and a quarter of them is 50 %. One guest requests a quarter, by weight or by cap; in the third experiment all guests are ' +
      'equal and each should get an eighth. Next to each mean is its deviation from the request, in percentage points, with its ' +
      '95 % interval. Deviations of more than 1 point are highlighted, here and in the published columns, as in the paper.',
  ];
  const oriented = systems.filter(({ counterpart }) => counterpart?.how === 'orientation');
  if (oriented.length > 0) {
    const pairs = oriented.map((system) => `${system.label} next to ${system.counterpart?.column ?? ''}`).join(', ');
    sentences.push(
      `For orientation only, without a verdict: ${pairs}. The paper did not measure these systems; the column is the nearest ` +
        'of its kind.',
    );
  }
  return sentences.join(' ');
}
