import type { MetricId } from '../../harness/types.js';
import type { ShareRequest } from '../model/exhibit.js';
import { baselineSystem } from '../read/baselines.js';
import type { Cell, System } from '../model/types.js';
import {
  columnsOf,
  publishedColumn,
  publishedShare,
  referenceById,
  rowOfMetric,
  tableValue,
  type Reference,
  type ReferenceTable,
} from '../reference/index.js';
import { otherSources } from '../reference/other-sources.js';

/** A row of a published table. */
export interface PublishedRow {
  readonly reference: Reference;
  readonly table: ReferenceTable;
  readonly row: string;
}

function otherPublished(metric: MetricId, column: string, reference: string): Cell['otherPublished'] {
  return otherSources(reference, metric).flatMap(({ column: own, ...other }) => (own === column ? [other] : []));
}

type PublishedFields = Pick<Cell, 'published' | 'publishedRatio' | 'publishedColumn' | 'reference' | 'otherPublished'>;

/**
 * The row in the publication that the system's column is of: the one that the target names, else the given one if it has
 * such a column, else the first that does. Without a row there, the publication alone.
 */
function rowFor(
  metric: MetricId,
  given: PublishedRow,
  { counterpart }: System,
): PublishedRow | Pick<PublishedRow, 'reference'> {
  const id = counterpart?.reference ?? publicationOf(given.reference, counterpart?.column);
  if (id === given.reference.id) return given;
  const reference = referenceById(id);
  const found = rowOfMetric(reference, metric);
  return found === undefined ? { reference } : { reference, table: found.table, row: found.row.label };
}

function publicationOf(given: Reference, column: string | undefined): string {
  if (column === undefined || columnsOf(given).includes(column)) return given.id;
  return publishedColumn(column)?.reference ?? given.id;
}

/** The published value of a row in the system's counterpart column, and its ratio to the column of the system's baseline. */
export function publishedFor(
  metric: MetricId,
  publishedRow: PublishedRow | undefined,
  system: System,
  systems: readonly System[],
): PublishedFields {
  const column = system.counterpart?.column;
  if (publishedRow === undefined || column === undefined) {
    return { published: null, publishedRatio: null, publishedColumn: null, reference: null, otherPublished: [] };
  }
  const own = rowFor(metric, publishedRow, system);
  const reference = own.reference.id;
  if (!('table' in own)) {
    return { published: null, publishedRatio: null, publishedColumn: column, reference, otherPublished: [] };
  }
  const { table, row } = own;
  const published = tableValue(table, row, column);
  // A requested share has no baseline.
  const base = table.target === undefined ? tableValue(table, row, baseColumn(table, system, systems)) : null;
  return {
    published,
    publishedRatio: published !== null && base !== null ? published / base : null,
    publishedColumn: column,
    reference,
    otherPublished: otherPublished(metric, column, reference),
  };
}

/**
 * The published column that the published ratio is to: that of the system's baseline. Where the table does not have it, it is
 * the first column, the baseline of the publication, if the baseline is a native system; else none.
 */
function baseColumn(table: ReferenceTable, system: System, systems: readonly System[]): string {
  const baseline = baselineSystem(system, systems);
  const column = baseline?.counterpart?.column;
  if (column !== undefined && [...table.columns, ...table.configurations].includes(column)) return column;
  return baseline?.boundary === 'container' || baseline?.boundary === 'hypervisor' ? '' : (table.columns[0] ?? '');
}

/** Deviation of the published share from its request, in percentage points. */
export function publishedDeviation(
  metric: MetricId,
  publishedRow: PublishedRow | undefined,
  request: ShareRequest | undefined,
  system: System,
): number | null {
  const column = system.counterpart?.column;
  if (publishedRow === undefined || request === undefined || column === undefined) return null;
  const own = rowFor(metric, publishedRow, system);
  return 'table' in own ? (publishedShare(own.table, own.row, column, request.within)?.deviation ?? null) : null;
}
