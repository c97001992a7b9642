import type { KnownMetricId } from '../../suites/index.js';
import type { System } from './types.js';

/** A share requested for a guest, in percent. Deviations up to `within` percentage points count as achieved. */
export interface ShareRequest {
  readonly percent: number;
  /** `cpu`: of one CPU, times the CPUs of the system; `capacity`: of all its CPUs together. */
  readonly of: 'cpu' | 'capacity';
  readonly within: number;
}

/** A row of a table: its metric and its row in the publication. */
export interface RowDefinition {
  /** A literal of the registries of suites and workloads: a typo does not compile. */
  readonly metric: KnownMetricId;
  /** Default: the label in the publication, or that of the metric. */
  readonly label?: string;
  /** Row of the reference table, when it has one. */
  readonly published?: string;
  /** The row then shows the deviation from this share instead of a ratio. */
  readonly request?: ShareRequest;
  /** Heading above this row and the following ones. */
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
  /** The caption of the exhibit for these columns. */
  caption(systems: readonly System[]): string;
}

/** A table of the paper as a declaration: its metrics, their published values, and the claims that it tests. */
export interface TableDefinition extends Definition {
  readonly kind: 'table';
  /** Id of the table of the reference whose values are shown next to the measured ones. */
  readonly table: string;
  /** What is shown next to a mean: its ratio to the baseline, or its deviation from the requested share. */
  readonly quantity: 'ratio' | 'request';
  readonly rows: readonly RowDefinition[];
}

/** What a metric is divided by. */
export interface Divisor {
  readonly metric: KnownMetricId;
  /** The baseline, or the same system as that of the metric. */
  readonly system: 'baseline' | 'same';
}

/** A metric that a figure draws. */
export interface BarDefinition {
  readonly metric: KnownMetricId;
  readonly label: string;
  /** Default: the same metric of the baseline. */
  readonly divisor?: Divisor;
}

/** A further panel of a figure of benchmarks: one metric for each of its groups, as measured. */
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
   * What bars show: performance relative to the divisor, higher is better; the loss, which is one minus that, in percent;
   * or means in the unit of their metric.
   */
  readonly quantity: 'relative' | 'loss' | 'value';
  readonly bars: readonly BarDefinition[];
  readonly sidePanels?: readonly SidePanelDefinition[];
  /** The label of the line at 1 in figures of relative performance; default: the label of the baseline. */
  readonly unity?: (baseline: string) => string;
  /** Title of the axis; the default depends on `quantity`. */
  readonly axis?: string;
  /** The paper's systems in this figure, in its order; default all that it names. */
  readonly columns?: readonly string[];
}

/**
 * A figure with a point for each system. Vertical: the geometric mean of relative performances. Horizontal: what is kept of
 * the largest loss, of throughput beside a competitor or of a requested share.
 */
export interface ScatterDefinition extends Definition {
  readonly kind: 'scatter';
  readonly efficiency: readonly BarDefinition[];
  readonly losses: readonly BarDefinition[];
  readonly shares: readonly {
    readonly metric: KnownMetricId;
    readonly label: string;
    readonly request: ShareRequest;
  }[];
}

export type ExhibitDefinition = TableDefinition | FigureDefinition | ScatterDefinition;

/** Ids of the suites and workloads that an exhibit shows. */
export function sourcesOf({ suites, workloads }: Pick<Definition, 'suites' | 'workloads'>): readonly string[] {
  return [...suites, ...workloads];
}
