import type { MetricId } from '../../harness/types.js';
import type { ShareRequest } from '../model/exhibit.js';
import type { Cell, System } from '../model/types.js';
import { publishedShare, referenceById, tableValue, type Reference, type ReferenceTable } from '../reference/index.js';
import { otherSources } from '../reference/other-sources.js';

/** A row of a published table. */
export interface PublishedRow {
  readonly reference: Reference;
  readonly table: ReferenceTable;
  readonly row: string;
}

function otherPublished(metric: MetricId, column: string | null, reference: string | null): Cell['otherPublished'] {
  if (column === null || reference === null) return [];
  return otherSources(reference, metric).flatMap(({ column: own, ...other }) => (own === column ? [other] : []));
}

type PublishedFields = Pick<Cell, 'published' | 'publishedRatio' | 'publishedColumn' | 'reference' | 'otherPublished'>;

/** The row in the publication that the target names, if it names one; undefined where that has no such table. */
function rowFor(given: PublishedRow, { counterpart }: System): PublishedRow | undefined {
  const id = counterpart?.reference ?? given.reference.id;
  if (id === given.reference.id) return given;
  const reference = referenceById(id);
  const table = given.table === given.reference.table2 ? reference.table2 : reference.table3;
  return table === undefined ? undefined : { reference, table, row: given.row };
}

/** The published value of a row in the system's counterpart column, and its ratio to the first column, the paper's baseline. */
export function publishedFor(
  metric: MetricId,
  publishedRow: PublishedRow | undefined,
  system: System,
): PublishedFields {
  const own = publishedRow === undefined ? undefined : rowFor(publishedRow, system);
  const table = own?.table;
  const column = system.counterpart?.column;
  if (publishedRow === undefined || own === undefined || table === undefined || column === undefined) {
    return { published: null, publishedRatio: null, publishedColumn: null, reference: null, otherPublished: [] };
  }
  const published = tableValue(table, publishedRow.row, column);
  // A requested share has no baseline.
  const base = table.target === undefined ? tableValue(table, publishedRow.row, table.columns[0] ?? '') : null;
  return {
    published,
    publishedRatio: published !== null && base !== null ? published / base : null,
    publishedColumn: column,
    reference: own.reference.id,
    otherPublished: otherPublished(metric, column, own.reference.id),
  };
}

/** Deviation of the published share from its request, in percentage points. */
export function publishedDeviation(
  publishedRow: PublishedRow | undefined,
  request: ShareRequest | undefined,
  { counterpart }: System,
): number | null {
  if (publishedRow === undefined || request === undefined || counterpart === null) return null;
  return publishedShare(publishedRow.table, publishedRow.row, counterpart.column, request.within)?.deviation ?? null;
}
