import { referenceById, tableOf } from '../reference/index.js';
import type { System } from '../model/types.js';
import type { TableDefinition } from '../model/exhibit.js';

const reference = referenceById('soltesz2007');
const printed = tableOf(reference, 'table-2');

/** Table 2 of Soltesz et al.: the seven lmbench timings in which hypervisors and containers differ. */
export const table2 = {
  kind: 'table',
  id: 'table-2',
  title: 'Table 2: lmbench timings of operating system primitives',
  suites: ['lmbench'],
  workloads: [],
  reference: reference.id,
  table: 'table-2',
  quantity: 'ratio',
  rows: printed.rows.flatMap(({ metric, label }) => (metric === null ? [] : [{ metric, published: label }])),
  caption,
} as const satisfies TableDefinition;

function caption(systems: readonly System[]): string {
  const sentences = [
    'Times, lower is better. Each measured value is the mean over trials with its 95 % interval. A ratio is this mean divided ' +
      'by that of the baseline: above 1 is slower.',
    'Published values are from the paper, which gives averages of 3 to 5 trials without a spread.',
  ];
  const oriented = systems.filter(
    ({ counterpart }) => counterpart?.how === 'orientation' && printed.columns.includes(counterpart.column),
  );
  if (oriented.length > 0) {
    const pairs = oriented.map((system) => `${system.label} next to ${system.counterpart?.column ?? ''}`).join(', ');
    sentences.push(
      `For orientation only, without a verdict: ${pairs}. The paper did not measure these systems; the column is the nearest ` +
        'of its kind.',
    );
  }
  return sentences.join(' ');
}
