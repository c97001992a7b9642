/** The document that a report is: exhibits, claims and provenance around the cells, as plain data. */
import type { Facts, Metric, ProfileId, RecordedProfile, RunId, TargetId, TrialId } from '../../harness/types.js';
import type { ClaimResult } from './claim.js';
import type { ClassResult } from './classes.js';
import type { Differences } from './differences.js';
import type { Figure, FigurePublished } from './figure.js';
import type { Paper } from './paper.js';
import type { PublishedValue } from './published-value.js';
import type { GroupSummary } from './groups.js';
import type { DotPlot } from './plot.js';
import type { ExhibitNote } from './note.js';
import type { Order } from './order.js';
import type { FloorsUsed, NoiseFloor } from './noise.js';
import type { PrecisionCount } from './precision.js';
import type { Scatter } from './scatter.js';
import type { Simultaneous } from './simultaneous.js';
import type { ToolUse } from './tool.js';
import type { Cell, System, Trial } from './types.js';

export type { ClaimCheck, ClaimResult } from './claim.js';
export type { PublishedShare, PublishedValue } from './published-value.js';

export interface TableRow {
  readonly metric: string;
  readonly label: string;
  readonly unit: Metric['unit'];
  /** Heading above this row and the following ones; null where no new heading begins. */
  readonly part: string | null;
  /** Indices into `Report.cells`, by column; several where trials may not be pooled. */
  readonly cells: readonly (readonly number[])[];
  /** By published column. */
  readonly published: readonly PublishedValue[];
}

/** What tables and figures have in common: rows of metrics, columns of systems, and the cells where they meet. */
interface FilledExhibit {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly suites: readonly string[];
  /** Workloads of several guests. */
  readonly workloads: readonly string[];
  /** Keys of `Report.systems`. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  readonly notes: readonly ExhibitNote[];
  /** Its containers and hypervisors, summed up; empty where relative performance is not shown. */
  readonly groups: readonly GroupSummary[];
}

export interface TableExhibit extends FilledExhibit {
  readonly kind: 'table';
  /** `suite`: a whole suite or workload, shown below the exhibits that select from it. */
  readonly role: 'exhibit' | 'suite';
  readonly reference: string | null;
  /** What is shown next to a mean: its ratio to the baseline, or its deviation from the requested share. */
  readonly quantity: 'ratio' | 'request';
  readonly publishedColumns: readonly string[];
  /** By published column: the name of the configuration in the rest of the publication, `VServer-UP` for `VS-UP`. */
  readonly publishedConfigurations: readonly string[];
  /** Metrics of the suite that no trial promised. */
  readonly notMeasured: readonly string[];
  readonly plot: DotPlot | null;
}

/** A figure, and the cells that it is drawn from. */
export interface FigureExhibit extends FilledExhibit {
  readonly kind: 'figure';
  readonly role: 'exhibit';
  readonly reference: string;
  /**
   * `relative`: performance relative to the divisor, higher is better; `loss`: one minus that, in percent; `value`:
   * means in the unit of their metric.
   */
  readonly quantity: 'relative' | 'loss' | 'value';
  /** What the paper states about its bars, by metric. */
  readonly published: readonly (FigurePublished & { readonly metric: string })[];
  readonly figure: Figure;
}

/** A figure of points. Its rows are the coordinates, whose cells are computed from those of other exhibits. */
export interface ScatterExhibit extends FilledExhibit {
  readonly kind: 'scatter';
  readonly role: 'exhibit';
  readonly reference: string;
  readonly scatter: Scatter;
}

export type Exhibit = TableExhibit | FigureExhibit | ScatterExhibit;

export interface RunProvenance {
  readonly run: RunId;
  readonly created: string;
  readonly planHash: string;
  /** The `bench` that made the run, with the commit that it was built from: `0.1.0 (ad6c8b1…)`; null where none is recorded. */
  readonly bench: string | null;
  readonly seed: number;
  readonly profile: RecordedProfile;
  readonly suites: readonly { readonly id: string; readonly version: number }[];
  readonly workloads: readonly { readonly id: string; readonly version: number }[];
  readonly order: string;
  readonly replication: string;
  readonly planned: number;
  readonly attempts: number;
  readonly sessions: readonly { readonly at: string; readonly event: string; readonly by: string }[];
}

export interface ToolProvenance extends ToolUse {
  readonly system: string;
  readonly suite: string;
  readonly path: string;
}

export interface FactSubject {
  readonly run: RunId;
  readonly of: string;
  /** Id of the boot of the host in which they were read; null where it is not known. */
  readonly boot: string | null;
  readonly at: string;
  readonly facts: Facts;
}

/** Something of a run that did not go as planned or cannot be read. */
export interface Irregularity {
  readonly run: RunId;
  readonly kind: 'deviation' | 'damage' | 'parse';
  readonly trial: TrialId | null;
  readonly what: string;
}

/** One paragraph of the method. */
export interface MethodParagraph {
  readonly title: string;
  readonly text: string;
}

/** How intervals, differences and verdicts are computed, in sentences: the same in every format. */
export interface Method {
  /** In short. */
  readonly statement: string;
  readonly paragraphs: readonly MethodParagraph[];
}

export interface Report {
  readonly schema: 'bench-report/2';
  readonly title: string;
  /** First start and last end of any trial that was measured here, ISO 8601 UTC; null without one. */
  readonly measuredFrom: string | null;
  readonly measuredTo: string | null;
  /** A notice that trials of the plans have not been run yet; null when all were. */
  readonly partial: string | null;
  /** Systems on emulated machines: those shown, and those that exhibits leave out because real ones were measured too. */
  readonly emulated: {
    readonly shown: readonly string[];
    readonly leftOut: readonly string[];
    /** The notice at the top of the report; null without emulated machines. */
    readonly banner: string | null;
  };
  readonly comparable: { readonly verdict: 'yes' | 'no' | 'partly'; readonly why: string };
  /** What differs between the measured systems; null where there are not two. */
  readonly differences: Differences | null;
  /** How many of the values are imprecise. */
  readonly precision: PrecisionCount;
  readonly headlines: readonly string[];
  /** What the publication of the exhibits states; of those exhibits that were requested, else of all. */
  readonly paper: Paper;
  /** Nothing was requested but that. */
  readonly publishedOnly: boolean;
  readonly baseline: TargetId | null;
  readonly systems: readonly System[];
  readonly exhibits: readonly Exhibit[];
  readonly cells: readonly Cell[];
  readonly claims: readonly ClaimResult[];
  /** Claims extended to every measured container and hypervisor. */
  readonly classes: readonly ClassResult[];
  readonly trials: readonly Trial[];
  /** How simultaneous guests were, for each workload and system. */
  readonly simultaneous: readonly Simultaneous[];
  /** In which order systems were measured; null where no run measured two. */
  readonly order: Order | null;
  /** Targets that were compared with themselves, by `bench noise`. */
  readonly noise: readonly NoiseFloor[];
  /** The noise run whose floors the cells are compared with; null without one. */
  readonly floors: FloorsUsed | null;
  readonly irregularities: readonly Irregularity[];
  readonly facts: readonly FactSubject[];
  readonly provenance: {
    readonly runs: readonly RunProvenance[];
    readonly tools: readonly ToolProvenance[];
    readonly suites: readonly {
      readonly id: string;
      readonly title: string;
      readonly version: number;
      readonly about: string;
      readonly caches: string;
      readonly profiles: Readonly<Record<ProfileId, string>>;
    }[];
    readonly workloads: readonly {
      readonly id: string;
      readonly title: string;
      readonly version: number;
      readonly about: string;
    }[];
    readonly references: readonly { readonly id: string; readonly title: string; readonly source: string }[];
    readonly statistics: {
      readonly confidence: number;
      readonly margin: number;
      readonly method: Method;
    };
  };
}
