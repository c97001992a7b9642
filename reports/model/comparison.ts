import type { CpuClock, Metric, MetricId, RecordedProfile, RunId, TargetId } from '../../harness/types.js';
import type { DifferenceClass } from './differences.js';
import type { BaselineNote, Note } from './note.js';
import type { CellPrecision } from './precision.js';
import type { Origin } from './states.js';

/** Which of the two sets of runs. */
export type SideName = 'A' | 'B';

/** What a row concludes about B relative to A; in the order of summaries. */
export const comparisonVerdicts = [
  'slower',
  'faster',
  'higher',
  'lower',
  'equivalent',
  'no difference shown',
  'not judged',
] as const;
/**
 * `slower`, `faster`: of times and rates; `higher`, `lower`: of what is neither. `equivalent`: the 95 % interval lies within
 * the noise floor. `not judged`: there is no interval.
 */
export type ComparisonVerdict = (typeof comparisonVerdicts)[number];

/** A run of a side; of a publication `created` is null. */
export interface ComparedRun {
  readonly run: RunId;
  readonly created: string | null;
  /** The `bench` that made it; null where none is recorded. */
  readonly bench: string | null;
  readonly profile: RecordedProfile;
}

export interface ComparedSide {
  /** As it was named on the command line. */
  readonly given: string;
  readonly runs: readonly ComparedRun[];
  /** Labels of its systems. */
  readonly systems: readonly string[];
  /** Files of its runs that cannot be read, and the like. */
  readonly damage: readonly string[];
}

/** The mean of one side of a row. */
export interface ComparedValue {
  readonly target: TargetId;
  readonly label: string;
  readonly host: string;
  readonly origin: Origin;
  /** Its host is an emulated machine. */
  readonly emulated: boolean;
  /** Trials; null for published values whose number is not stated. */
  readonly n: number | null;
  readonly center: number;
  /** Its 95 % interval; null without one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly precision: CellPrecision | null;
  readonly notes: readonly Note[];
}

/** Why a row has no interval: of the side that has none. */
export interface NoInterval {
  readonly side: SideName;
  readonly reason: 'too few' | 'no spread' | 'not stated';
}

/** One metric of one system, measured on both sides. */
export interface ComparedRow {
  readonly metric: MetricId;
  readonly label: string;
  /** Id of the suite or workload. */
  readonly benchmark: string;
  readonly unit: Metric['unit'];
  readonly better: Metric['better'];
  readonly profile: RecordedProfile;
  readonly system: SystemPair;
  readonly a: ComparedValue;
  readonly b: ComparedValue;
  /** Mean of B over mean of A: above 1 is more. With its 95 % interval on the scale of logarithms. */
  readonly ratio: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly noInterval: NoInterval | null;
  /** Two-sided p value of the true ratio being 1; null without an interval. */
  readonly p: number | null;
  /** The same with Holm's adjustment for all rows that have one. */
  readonly holmP: number | null;
  /** Percent: the smallest difference that the noise runs could detect; null without one. */
  readonly noiseFloor: number | null;
  readonly verdict: ComparisonVerdict;
  /** Whether B is better or worse than A by the direction of the metric; null where no difference is shown. */
  readonly change: 'better' | 'worse' | null;
  readonly notes: readonly BaselineNote[];
}

/** A system of A and the system of B that it is compared with, by label; null where one side has none. */
export interface SystemPair {
  readonly a: string | null;
  readonly b: string | null;
}

/** Why a metric of a pair of systems is not compared. */
export type NotComparable =
  | { readonly reason: 'profile'; readonly a: string; readonly b: string }
  /** Both are of no profile, and their sizes differ or are not stated: null. */
  | { readonly reason: 'size'; readonly a: string | null; readonly b: string | null }
  | { readonly reason: 'suite version'; readonly a: number | null; readonly b: number | null }
  | { readonly reason: 'tool'; readonly a: string; readonly b: string }
  | { readonly reason: 'clock'; readonly a: CpuClock | null; readonly b: CpuClock | null }
  | { readonly reason: 'emulation'; readonly emulated: SideName }
  | { readonly reason: 'not positive'; readonly side: SideName }
  /** Several series on one side fit the same series of the other. */
  | { readonly reason: 'several'; readonly a: number; readonly b: number };

/** A metric that one side alone has a value of. */
export interface OneSided {
  readonly side: SideName;
  readonly metric: MetricId;
  readonly benchmark: string;
  readonly system: SystemPair;
  /** The targets of both sides; null where a side has no such system. */
  readonly targets: { readonly a: TargetId | null; readonly b: TargetId | null };
  /** Why the other side has no value. */
  readonly why: string;
}

/** A metric that both sides have a value of, and that is not compared. */
export interface UnlikeRow {
  readonly metric: MetricId;
  readonly benchmark: string;
  readonly system: SystemPair;
  readonly targets: { readonly a: TargetId | null; readonly b: TargetId | null };
  readonly why: NotComparable;
}

/** A property in which the two sides of at least one pair of systems differ. */
export interface ConfigurationRow {
  readonly path: string;
  readonly class: DifferenceClass;
  readonly why: string;
  /** As text; several where the boots of one side differ; null where it could not be read. */
  readonly a: readonly (string | null)[];
  readonly b: readonly (string | null)[];
  /** The pairs that differ in this way. */
  readonly systems: readonly SystemPair[];
}

/** What differs between the configurations of the pairs, the gravest first. */
export interface ConfigurationDifferences {
  /** Pairs whose properties were compared: both sides were measured by this harness. */
  readonly pairs: number;
  /** Properties that were read on either side of a pair and are equal in all pairs. */
  readonly alike: number;
  readonly rows: readonly ConfigurationRow[];
}

/** Two sets of runs, metric by metric. What `bench compare --format json` prints. */
export interface Comparison {
  readonly schema: 'bench-comparison/1';
  readonly sides: { readonly a: ComparedSide; readonly b: ComparedSide };
  /** Runs that both sides have: their trials are no independent measurements. */
  readonly shared: readonly RunId[];
  readonly configuration: ConfigurationDifferences;
  /** First rows with a difference, then the others, each by the size of the effect. */
  readonly rows: readonly ComparedRow[];
  readonly oneSided: readonly OneSided[];
  readonly notComparable: readonly UnlikeRow[];
  /** Pairs of systems that were compared. */
  readonly pairs: readonly SystemPair[];
  /** How many p values Holm's adjustment is for. */
  readonly adjustedFor: number;
  /** Ids of the noise runs whose floors are used. */
  readonly noise: readonly RunId[];
  readonly confidence: number;
}

/** One thing that a policy does not allow. */
export interface Violation {
  /** `not judged`: too few trials for an interval. `nothing`: no metric of either side fits the limit. */
  readonly kind: 'limit' | 'missing' | 'not comparable' | 'not judged' | 'nothing';
  /** Which limit of the policy, from 0. */
  readonly limit: number;
  /** Metric and target; of `nothing` the patterns. */
  readonly metric: string;
  readonly target: string;
  /** What was found, in one line. */
  readonly evidence: string;
}
