import { createRequire } from 'node:module';
import type { Unit } from '../../harness/types.js';
import type { PublishedShare } from '../model/document.js';

/** A published table: `values` by column; null where the publication gives none. */
export interface ReferenceTable {
  readonly caption: string;
  readonly unit: Unit;
  /** Absent where the rows are shares that were asked for: `target` then has the requests. */
  readonly lowerIsBetter?: boolean;
  readonly tool?: string;
  readonly columns: readonly string[];
  /** What was asked for, by column, in the unit of the table. */
  readonly target?: readonly number[];
  readonly rows: readonly { readonly metric: string; readonly values: readonly (number | null)[] }[];
}

/** A publication whose values are shown next to measured ones. */
export interface Reference {
  readonly id: string;
  readonly title: string;
  readonly authors?: readonly string[];
  readonly venue?: string;
  readonly doi?: string;
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** The systems of its figures, in their order. */
  readonly configurations?: readonly string[];
  readonly table2?: ReferenceTable;
  readonly table3?: ReferenceTable;
}

// `require`, because Node 20 prints a warning for every import of a JSON module.
const require = createRequire(import.meta.url);

/** Every publication that reports know, newest values of a table first. */
export const references: readonly Reference[] = [
  require('./soltesz2007.json') as Reference,
  require('./soltesz2006-preprint.json') as Reference,
  require('./felter2015.json') as Reference,
];

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

/** The configuration that a column is of. */
export function configurationOf(column: string): string {
  return CONFIGURATIONS[column] ?? column;
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
