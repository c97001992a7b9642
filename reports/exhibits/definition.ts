import type { KnownMetricId } from '../../suites/index.js';
import type { System } from '../types.js';

/** A row of a table: which metric, what the publication calls it. */
export interface RowDefinition {
  /** A literal of the registry of suites: a typo does not compile. */
  readonly metric: KnownMetricId;
  /** Row of the reference table, when it has one. */
  readonly published?: string;
}

/**
 * A table of the paper as a declaration: which metrics, beside which published values, and which claims it tests.
 * Figures will be a second kind with the same first fields.
 */
export interface TableDefinition {
  readonly kind: 'table';
  readonly id: string;
  readonly title: string;
  /** Suites whose metrics it shows; each is shown whole below it. */
  readonly suites: readonly string[];
  /** A reference with a `table2`. */
  readonly reference: string;
  readonly rows: readonly RowDefinition[];
  /** Ids of claims of the reference. */
  readonly claims: readonly string[];
  /** What the reader must know to read the table, with these columns. */
  caption(systems: readonly System[]): string;
}

export type ExhibitDefinition = TableDefinition;
