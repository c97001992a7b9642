import { createRequire } from 'node:module';
import type { Unit } from '../../harness/types.js';

/** A published table: `values` by column; null where the publication gives none. */
export interface ReferenceTable {
  readonly caption: string;
  readonly unit: Unit;
  readonly lowerIsBetter: boolean;
  readonly tool?: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly metric: string; readonly values: readonly (number | null)[] }[];
}

/** A comparison of two columns over rows of a published table or figure. */
export interface ClaimedComparison {
  readonly of: string;
  readonly to: string;
  readonly metrics: readonly string[];
  /** The ratio differs from 1 by at most this. */
  readonly within?: number;
  /** The ratio is about this. */
  readonly value?: number;
  readonly between?: readonly [number, number];
  readonly unit?: Unit;
}

/** A sentence of a publication with, where it has one, a form that a machine can check. */
export interface Claim {
  readonly id: string;
  /** Section. */
  readonly where: string;
  readonly text: string;
  readonly ratio?: ClaimedComparison;
  readonly difference?: ClaimedComparison;
  /** Microseconds per megabyte mapped, by column. */
  readonly perMegabyte?: Readonly<Record<string, number>>;
}

/** A publication whose values stand beside measured ones. */
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
  readonly claims?: readonly Claim[];
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
  const at = table.columns.indexOf(column);
  return table.rows.find((candidate) => candidate.metric === row)?.values[at] ?? null;
}
