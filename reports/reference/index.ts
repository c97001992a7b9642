import type { PublishedShare } from '../model/document.js';
import { publications } from './publications.js';
import { referenceSchema, type Reference, type Statement } from './schema.js';
import type { ReferenceRow, ReferenceTable } from './table.js';

export type { Reference, ReferenceRow, ReferenceTable };

/** Every publication that reports know. Of several with one table the first is compared with, see `otherSources`. */
export const references: readonly Reference[] = publications.map((data) => referenceSchema.parse(data));

/** Throws on an id that is not one of `references`. */
export function referenceById(id: string): Reference {
  const reference = references.find((candidate) => candidate.id === id);
  if (reference === undefined) {
    throw new Error(`there is no reference ${id}; known are ${references.map((known) => known.id).join(', ')}`);
  }
  return reference;
}

/** A table of a publication. Throws on an id that it does not have. */
export function tableOf(reference: Reference, id: string): ReferenceTable {
  const table = reference.tables[id];
  if (table === undefined) {
    throw new Error(`${reference.id} has no table ${id}; it has ${Object.keys(reference.tables).join(', ') || 'none'}`);
  }
  return table;
}

/** The row of a publication that has values of a metric, with its table; undefined where there is none. */
export function rowOfMetric(
  { tables }: Reference,
  metric: string,
): { readonly table: ReferenceTable; readonly row: ReferenceRow } | undefined {
  return Object.values(tables)
    .flatMap((table) => table.rows.map((row) => ({ table, row })))
    .find(({ row }) => row.metric === metric);
}

/** The value in a column of a row of a table, by its label, in the unit of the row; null where there is none. */
export function tableValue(table: ReferenceTable, row: string, column: string): number | null {
  return table.rows.find(({ label }) => label === row)?.values[columnIndex(table, column)] ?? null;
}

/** The statements about one metric of a column. */
export function statementsOf({ statements = [] }: Reference, metric: string, column: string): readonly Statement[] {
  return statements.filter((statement) => statement.metric === metric && statement.column === column);
}

/** The systems of a publication, as its figures call them. */
export function columnsOf({ configurations = [], tables }: Reference): readonly string[] {
  return [...new Set([...configurations, ...Object.values(tables).flatMap((table) => table.configurations)])];
}

/**
 * Every system of every publication: what a target may reproduce. By its name alone (`VServer-UP`) it is that of the first
 * publication that has it; with the id of a publication (`soltesz2006-preprint/VServer-UP`) of that one.
 */
export const publishedColumns: readonly string[] = [
  ...new Set(references.flatMap(columnsOf)),
  ...references.flatMap((reference) => columnsOf(reference).map((column) => `${reference.id}/${column}`)),
];

/** The system that a target names, without regard to case; undefined where no publication has it. */
export function publishedColumn(name: string): { readonly reference: string; readonly column: string } | undefined {
  const wanted = name.toLowerCase();
  for (const reference of references) {
    const column = columnsOf(reference).find((known) =>
      [known, `${reference.id}/${known}`].some((text) => text.toLowerCase() === wanted),
    );
    if (column !== undefined) return { reference: reference.id, column };
  }
  return undefined;
}

/** The index of a column in a table, by either of its names; -1 where the table does not have it. */
function columnIndex({ columns, configurations }: ReferenceTable, column: string): number {
  return columns.findIndex((name, at) => name === column || configurations[at] === column);
}

/** How far a published share is from what was asked for there, and whether by more than counts as achieved. */
export function publishedShare(
  table: ReferenceTable,
  row: string,
  column: string,
  within: number,
): PublishedShare | null {
  const requested = table.target?.[columnIndex(table, column)];
  const value = tableValue(table, row, column);
  if (requested === undefined || value === null) return null;
  // Values have two decimals; what floating point adds to their difference must not show.
  const deviation = Number((value - requested).toFixed(6));
  return { requested, deviation, beyond: Math.abs(deviation) > within };
}
