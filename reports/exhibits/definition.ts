import type { KnownMetricId } from '../../suites/index.js';
import type { System } from '../types.js';

/** A row of a table: which metric, what the publication calls it. */
export interface RowDefinition {
  /** A literal of the registry of suites: a typo does not compile. */
  readonly metric: KnownMetricId;
  /** Row of the reference table, when it has one. */
  readonly published?: string;
}

/** What every exhibit declares. */
interface Definition {
  readonly id: string;
  readonly title: string;
  /** Suites whose metrics it shows; each is shown whole below it. */
  readonly suites: readonly string[];
  readonly reference: string;
  /** Ids of claims of the reference. */
  readonly claims: readonly string[];
  /** What the reader must know to read it, with these columns. */
  caption(systems: readonly System[]): string;
}

/** A table of the paper as a declaration: which metrics, beside which published values, and which claims it tests. */
export interface TableDefinition extends Definition {
  readonly kind: 'table';
  readonly rows: readonly RowDefinition[];
}

/** A metric that a figure draws. */
export interface BarDefinition {
  readonly metric: KnownMetricId;
  readonly label: string;
}

/**
 * A figure of the paper as a declaration. With `groups` of `benchmarks` every metric is a group of bars, one a system, of
 * performance relative to the baseline; with `systems` every system is a group and every metric a panel, in its own unit.
 */
export interface FigureDefinition extends Definition {
  readonly kind: 'figure';
  readonly groups: 'benchmarks' | 'systems';
  readonly bars: readonly BarDefinition[];
}

export type ExhibitDefinition = TableDefinition | FigureDefinition;
