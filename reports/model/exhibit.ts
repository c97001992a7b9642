import type { KnownMetricId } from '../../suites/index.js';
import type { System } from './types.js';

/** A share that a guest was to get, in percent, and how many points off it still count as achieved. */
export interface ShareRequest {
  readonly percent: number;
  /** `cpu`: of one CPU, times the CPUs of the system; `capacity`: of all its CPUs together. */
  readonly of: 'cpu' | 'capacity';
  readonly within: number;
}

/** A row of a table: which metric, what the publication calls it. */
export interface RowDefinition {
  /** A literal of the registries of suites and workloads: a typo does not compile. */
  readonly metric: KnownMetricId;
  /** Default: what the publication calls it, or the metric's own label. */
  readonly label?: string;
  /** Row of the reference table, when it has one. */
  readonly published?: string;
  /** What was asked for: the row then shows how far it was missed in place of a ratio. */
  readonly request?: ShareRequest;
  /** Heading over this row and those that follow it. */
  readonly part?: string;
}

/** What every exhibit declares. */
interface Definition {
  readonly id: string;
  readonly title: string;
  /** Suites whose metrics it shows; each is shown whole below it. */
  readonly suites: readonly string[];
  /** Workloads of several guests, likewise. */
  readonly workloads: readonly string[];
  readonly reference: string;
  /** Ids of claims of the reference. */
  readonly claims: readonly string[];
  /** What the reader must know to read it, with these columns. */
  caption(systems: readonly System[]): string;
}

/** A table of the paper as a declaration: which metrics, beside which published values, and which claims it tests. */
export interface TableDefinition extends Definition {
  readonly kind: 'table';
  /** The table of the reference whose rows stand beside. */
  readonly table: 'table2' | 'table3';
  /** What stands beside a mean: its ratio to the baseline, or how far it is from what was asked for. */
  readonly quantity: 'ratio' | 'request';
  readonly rows: readonly RowDefinition[];
}

/** What a metric is divided by: where none is given, by the same metric of the baseline. */
export interface Divisor {
  readonly metric: KnownMetricId;
  /** Of the baseline, or of the very system that the metric is of. */
  readonly system: 'baseline' | 'same';
}

/** A metric that a figure draws. */
export interface BarDefinition {
  readonly metric: KnownMetricId;
  readonly label: string;
  readonly against?: Divisor;
}

/** A panel beside that of a figure of benchmarks: one metric for each of its groups, as measured. */
export interface SidePanelDefinition {
  readonly title: string;
  readonly axis: string;
  readonly metrics: readonly KnownMetricId[];
}

/**
 * A figure of the paper as a declaration. With `groups` of `benchmarks` every metric is a group of bars, one a system; with
 * `systems` every system is a group and every metric a panel.
 */
export interface FigureDefinition extends Definition {
  readonly kind: 'figure';
  readonly groups: 'benchmarks' | 'systems';
  /**
   * What bars show: performance relative to what it is set against, higher is better; the loss beside that, in percent of
   * it; or means in the unit of their metric.
   */
  readonly quantity: 'relative' | 'loss' | 'value';
  readonly bars: readonly BarDefinition[];
  readonly beside?: SidePanelDefinition;
  /** What the line at 1 stands for, of figures of relative performance; default the baseline's name. */
  readonly unity?: (baseline: string) => string;
  /** What the axis shows, in words; default by what the bars show. */
  readonly axis?: string;
  /** The paper's systems in this figure, in its order; default all that it names. */
  readonly columns?: readonly string[];
}

export type ExhibitDefinition = TableDefinition | FigureDefinition;

/** Ids of everything that an exhibit is measured by. */
export function sourcesOf({ suites, workloads }: Pick<Definition, 'suites' | 'workloads'>): readonly string[] {
  return [...suites, ...workloads];
}
