import type { KnownMetricId } from '../../suites/index.js';
import { about, within } from './bands.js';
import type { Row } from './benchmarks.js';
import type { Check, Claim, Part } from './check.js';

const WEIGHT: Row = { row: 'Weight 1/4', metric: 'table-3-weight/guest-0' };
const CAP: Row = { row: 'Cap 1/4', metric: 'table-3-cap/guest-0' };
const ALL = ['VServer-UP', 'VServer-SMP', 'Xen3-UP', 'Xen3-SMP'];

/** How far the guest with the reservation is from a quarter of all CPUs, in points. */
function reserved(row: Row, column: string): Part {
  return { ...row, column, quantity: { kind: 'off-request', percentOfCpu: 25 } };
}

/** Percent of an eighth of all CPUs, or of their capacity. */
function share(row: string, metric: KnownMetricId, column: string, percent: number, whole: 'cpu' | 'capacity'): Part {
  return { row, metric, column, quantity: { kind: 'of-request', percent, whole } };
}

const eighths: readonly Check[] = ALL.flatMap((column) =>
  (['guest-0', 'others-lowest', 'others-highest'] as const).map((name) => ({
    ...share(`All alike, ${name}`, `table-3-equal/${name}`, column, 12.5, 'cpu'),
    band: about(100, 0),
  })),
);

const totals: readonly Check[] = ALL.flatMap((column) =>
  (['table-3-equal', 'table-3-weight'] as const).map((id) => ({
    ...share(`${id === 'table-3-equal' ? 'All alike' : 'Weight 1/4'}, total`, `${id}/total`, column, 100, 'capacity'),
    band: { low: 100 + within(1).low, high: 100 + within(1).high },
  })),
);

/** Section 5.1: CPU shares. */
export const table3Claims: readonly Claim[] = [
  {
    id: 't3-total',
    exhibit: 'table-3',
    quotations: ['5.1-total'],
    interpretation:
      'In percent of what the CPUs have, of all guests together, when all are alike and when one has a weight; 1 % has the same tolerance as ' +
      '“about”. Caps are left out: a cap may leave time to nobody.',
    checks: totals,
  },
  {
    id: 't3-eighths',
    exhibit: 'table-3',
    quotations: ['5.1-eighths'],
    interpretation:
      'Each guest, so also the one that gets least and the one that gets most, receives an eighth of the CPUs; “approximately” is the margin ' +
      'of 5 % of that eighth.',
    checks: eighths,
  },
  {
    id: 't3-vserver',
    exhibit: 'table-3',
    quotations: ['5.1-vserver-1'],
    interpretation:
      '1 % is one point, percent of one CPU as in Table 3 and in the next sentence, with the same tolerance as “about”. In percent of ' +
      'the reservation Table 3 is within 1 as well.',
    checks: ['VServer-UP', 'VServer-SMP'].map((column) => ({ ...reserved(WEIGHT, column), band: within(1) })),
  },
  {
    id: 't3-xen',
    exhibit: 'table-3',
    quotations: ['5.1-xen-6'],
    interpretation:
      'The worst of the four settings, by weight and by cap, on UP and SMP, is 6 points off, in either direction: “off by up to” in ' +
      '“the worst case”. A Xen that achieves its reservations is not off, and contradicts the sentence. 6 % is points, because the weight on ' +
      'SMP misses by 5.90 points, which are 11.8 % of the reservation. By weight on UP Table 3 has 9.49 points less than the request.',
    checks: [
      {
        kind: 'greatest',
        magnitude: true,
        title: 'weights and caps on Xen3-UP and Xen3-SMP, points off the request where that is worst',
        parts: ['Xen3-UP', 'Xen3-SMP'].flatMap((column) => [reserved(WEIGHT, column), reserved(CAP, column)]),
        band: about(6),
      },
    ],
  },
];
