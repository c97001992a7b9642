import { createRequire } from 'node:module';
import type { PublishedShare } from '../model/document.js';
import { referenceSchema, type Reference, type ReferenceTable, type Statement } from './schema.js';

export type { Reference, ReferenceTable };

// `require`, because Node 20 prints a warning for every import of a JSON module.
const require = createRequire(import.meta.url);

/** Every publication that reports know. Of several with one table the first is compared with, see `otherSources`. */
export const references: readonly Reference[] = [
  require('./soltesz2007.json'),
  require('./soltesz2006-preprint.json'),
  require('./felter2015.json'),
].map((data) => referenceSchema.parse(data));

/** Throws on an id that is not one of `references`. */
export function referenceById(id: string): Reference {
  const reference = references.find((candidate) => candidate.id === id);
  if (reference === undefined) {
    throw new Error(`there is no reference ${id}; known are ${references.map((known) => known.id).join(', ')}`);
  }
  return reference;
}

/** The value in a column of a row of a table, or null where there is none. */
export function tableValue(table: ReferenceTable, row: string, column: string): number | null {
  return table.rows.find((candidate) => candidate.metric === row)?.values[columnIndex(table, column)] ?? null;
}

/** Columns that a table calls otherwise than the rest of its publication does. */
const CONFIGURATIONS: Readonly<Record<string, string>> = { 'VS-UP': 'VServer-UP', 'VS-SMP': 'VServer-SMP' };

/** The statements about one metric of a column. */
export function statementsOf({ statements = [] }: Reference, metric: string, column: string): readonly Statement[] {
  return statements.filter((statement) => statement.metric === metric && statement.column === column);
}

/** The configuration that a column is of. */
export function configurationOf(column: string): string {
  return CONFIGURATIONS[column] ?? column;
}

/** The systems of a publication, as its figures call them. */
function columnsOf({ configurations = [], table1, table2, table3 }: Reference): readonly string[] {
  const tabulated = [table1, table2, table3].flatMap((table) => (table?.columns ?? []).map(configurationOf));
  return [...new Set([...configurations, ...tabulated])];
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

/** Where a configuration stands in a table, by either name; -1 where it does not. */
function columnIndex(table: ReferenceTable, column: string): number {
  return table.columns.findIndex((name) => name === column || configurationOf(name) === column);
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
