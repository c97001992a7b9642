import type { ComparedRow, Comparison, OneSided, UnlikeRow } from '../../model/comparison.js';
import { describeNotComparable, rowNotes } from '../../narrative/comparison.js';
import { plainLine } from '../../narrative/format.js';
import { field } from '../data/csv.js';
import type { ComparisonExporter } from './exporter.js';

/** RFC 4180, one row a metric and pair of systems, whether it was compared or not. */
export const comparisonCsv: ComparisonExporter<'csv'> = {
  id: 'csv',
  extension: 'csv',
  render: renderComparisonCsv,
};

/** In order; empty fields are absent numbers. */
const COLUMNS = [
  'state',
  'metric',
  'systemA',
  'systemB',
  'verdict',
  'change',
  'ratio',
  'low',
  'high',
  'p',
  'holmP',
  'noiseFloor',
  'unit',
  'better',
  'profile',
  'nA',
  'centerA',
  'lowA',
  'highA',
  'nB',
  'centerB',
  'lowB',
  'highB',
  'why',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | null>>>;

function renderComparisonCsv({ rows, oneSided, notComparable }: Comparison): string {
  const all: readonly Row[] = [...rows.map(compared), ...oneSided.map(only), ...notComparable.map(unlike)];
  const lines = all.map((row) => COLUMNS.map((column) => field(plain(row[column] ?? null))).join(','));
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

/** Names of hosts and targets may have control characters, and a line of their own could begin with a formula. */
function plain(value: string | number | null): string | number | null {
  return typeof value === 'string' ? plainLine(value) : value;
}

function compared(row: ComparedRow): Row {
  const { metric, system, a, b, verdict, change, ratio, low, high, p, holmP, noiseFloor, unit, better, profile } = row;
  return {
    ...{ state: 'compared', metric, systemA: system.a, systemB: system.b, verdict, change },
    ...{ ratio, low, high, p, holmP, noiseFloor, unit, better, profile },
    ...{ nA: a.n, centerA: a.center, lowA: a.low, highA: a.high },
    ...{ nB: b.n, centerB: b.center, lowB: b.low, highB: b.high },
    why: rowNotes(row).join('; ') || null,
  };
}

function only({ side, metric, system, why }: OneSided): Row {
  return { state: `only ${side}`, metric, systemA: system.a, systemB: system.b, why };
}

function unlike({ metric, system, why }: UnlikeRow): Row {
  return {
    state: 'not comparable',
    metric,
    systemA: system.a,
    systemB: system.b,
    why: describeNotComparable(why),
  };
}
