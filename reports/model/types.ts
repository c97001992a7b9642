/**
 * The nouns of a report, as plain data; `document.ts` has the `Report` around them, which is what `--format json` writes.
 * `report.schema.json` describes every field of it, and every other format is drawn from it. Absent numbers are null and never mean
 * zero: `state` and `why` describe what is missing.
 */
import type {
  Arm,
  Facts,
  Finding,
  GateReading,
  Metric,
  RecordedProfile,
  RunId,
  Shape,
  Simultaneity,
  TargetId,
  TrialId,
} from '../../harness/types.js';
import type { Levels } from './levels.js';
import type { Note } from './note.js';
import type { OtherPublished } from './other-published.js';
import type { Boundary } from './platform.js';
import type { CellPrecision } from './precision.js';
import type { ToolUse } from './tool.js';
import type { CellState, Origin, TrialStatus, Verdict } from './states.js';

/** The published column that a target is compared with. */
export interface Counterpart {
  /** The publication that the target names; null where it names none: then it is that of each exhibit. */
  readonly reference: string | null;
  readonly column: string;
  /** `reproduces`: it is the same kind of system and is judged; `orientation`: the nearest one, shown and not judged. */
  readonly how: 'reproduces' | 'orientation';
}

/** One column of the report: a target in one configuration, profile and origin. */
export interface System {
  readonly key: string;
  readonly target: TargetId;
  /** Unique in the report. */
  readonly label: string;
  /** The arm, of a noise run; null of other runs. */
  readonly arm: Arm | null;
  readonly host: string;
  /** The boot of the host that the target names, as the hosts file calls it; null where it names none. */
  readonly boot: string | null;
  /** The host at the other end of network suites. */
  readonly peer: string | null;
  readonly platform: string;
  /** What separates its guests from their host, as its runs stored it; null where they stored nothing of its platform. */
  readonly boundary: Boundary | null;
  readonly shape: Shape;
  readonly options: Facts;
  readonly profile: RecordedProfile;
  /** Only of profile `unknown`: the size that the imported output states; null where it states none, and otherwise. */
  readonly size: string | null;
  readonly origin: Origin;
  readonly runs: readonly RunId[];
  /** Its values are divided by its own: its ratios are 1 by definition. */
  readonly baseline: boolean;
  /** The target that its values are divided by; null where the report has no baseline. */
  readonly normalizedBy: TargetId | null;
  /** Its host is an emulated machine, whose times do not apply to real hardware. */
  readonly emulated: boolean;
  readonly counterpart: Counterpart | null;
}

/** One attempt at one trial, or a planned trial without any. */
export interface Trial {
  readonly run: RunId;
  readonly trial: TrialId;
  /** 0 for a trial that was never attempted. */
  readonly attempt: number;
  readonly block: number;
  readonly target: TargetId;
  /** Key of its `System`. */
  readonly system: string;
  /** Id of the suite, or of the workload where several guests ran. */
  readonly benchmark: string;
  /** How many guests ran at the same time. */
  readonly guests: number;
  /** Id of the boot of its host; null where it is not known. */
  readonly boot: string | null;
  /** Whether guests were started for it: false where the host itself is measured, null where it is not known. */
  readonly freshGuest: boolean | null;
  readonly status: TrialStatus;
  readonly started: string | null;
  readonly ended: string | null;
  /** Why it has no values, when its status is not `collected`; else remarks on it, or null. */
  readonly why: string | null;
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Metrics that it should have yielded and did not. */
  readonly missing: readonly { readonly metric: string; readonly why: string; readonly line: number | null }[];
  /** Checks that were not ok. */
  readonly findings: readonly Finding[];
  readonly findingsOk: number;
  /** Checks that were ok and that reports state all the same: where the sender of a transfer ran. */
  readonly stated: readonly Finding[];
  /** How simultaneous its guests were; null for a single guest, and where not all guests measured. */
  readonly simultaneity: Simultaneity | null;
  /** Readings of the gates, first those that voided the trial. */
  readonly gates: readonly GateReading[];
  /** For imported trials: the source as described in its files; for published ones: the publication and its system. */
  readonly source: Readonly<Record<string, string>> | null;
}

/** Comparison with the baseline's trials, as tests see it. p values are two-sided. */
export interface Difference {
  readonly welchP: number | null;
  /** Welch's p with Holm's correction over the exhibit's cells. */
  readonly holmP: number | null;
  readonly mannWhitneyP: number | null;
  /** Difference in pooled standard deviations. */
  readonly hedgesG: number | null;
  /** From -1 to 1. */
  readonly cliffsDelta: number | null;
}

/** How an interval was computed: on the scale of logarithms, or Student's, cut at what is possible. */
export type IntervalForm = 'log' | 'student';

/**
 * The ratio of a cell by blocks, as a sensitivity analysis: Student's interval of the mean log-ratio over the blocks of a
 * run in which both systems have a value. What changes from block to block, for both alike, is no part of its error.
 */
export interface PairedRatio {
  readonly blocks: number;
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** The verdict that this interval would have. */
  readonly verdict: Verdict;
}

/** A requested share, and the deviation of the value from it. In the unit of the cell: percent, so percentage points. */
export interface RequestedShare {
  readonly requested: number;
  /** What was achieved minus what was requested, with the ends of the interval. */
  readonly deviation: number;
  readonly low: number | null;
  readonly high: number | null;
  /** The deviation is larger than what counts as achieved; highlighted as in the publication. */
  readonly beyond: boolean;
}

/**
 * What the text of a publication states of a quantity. A bound has one end and a band two; a value has two equal ones. None
 * of them is an interval: no confidence is known.
 */
export interface StatedFact {
  /**
   * `value`: in the unit of the cell; `line-rate`: a part of the speed of the link; `relative`: performance relative to `to`,
   * higher is better; `ratio`: to `to`, as measured; `loss`: what is missing to `to`, in percent; `of-request`: in percent
   * of the requested share.
   */
  readonly quantity: 'value' | 'line-rate' | 'relative' | 'ratio' | 'loss' | 'of-request';
  readonly kind: 'value' | 'bound' | 'band';
  readonly low: number | null;
  readonly high: number | null;
  /** The system that it is relative to, as the publication calls it. */
  readonly to: string | null;
  /** Metric of that system; null where it is the cell's. */
  readonly other: string | null;
  readonly text: string;
  /** Id of the claim that is made of the sentence. */
  readonly claim: string;
}

/** One number of an exhibit, or why there is none. */
export interface Cell {
  readonly exhibit: string;
  readonly metric: string;
  readonly target: TargetId;
  readonly state: CellState;
  /** Trials behind it; null for published values whose number is not stated. */
  readonly n: number | null;
  /** Mean over trials, with its 95 % interval; no interval below 3 trials. */
  readonly center: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: Metric['unit'];
  /**
   * The mean divided by the mean of the divisor (the baseline, unless the exhibit names another), as measured: of times
   * where times are measured. With its 95 % interval on the scale of logarithms, see `log` in `IntervalForm`.
   */
  readonly ratio: number | null;
  readonly ratioLow: number | null;
  readonly ratioHigh: number | null;
  readonly published: number | null;
  readonly publishedRatio: number | null;
  readonly verdict: Verdict;
  readonly why: string | null;

  /** Where publications differ: what the others have for `published`. */
  readonly otherPublished: readonly OtherPublished[];
  readonly label: string;
  readonly benchmark: string;
  readonly suiteVersion: number | null;
  readonly system: string;
  readonly profile: RecordedProfile;
  readonly origin: Origin;
  readonly tool: ToolUse | null;
  readonly better: Metric['better'];
  readonly sd: number | null;
  /** Null for published values, for a single observation and for means that are not positive. */
  readonly precision: CellPrecision | null;
  /** How `low` and `high` were computed; null without them. */
  readonly intervalForm: IntervalForm | null;
  /** Null where fewer than 5 blocks have values of both, and without a ratio. */
  readonly paired: PairedRatio | null;
  /** Relative performance, higher is better: the ratio, inverted for lower-is-better metrics. */
  readonly relative: number | null;
  readonly relativeLow: number | null;
  readonly relativeHigh: number | null;
  readonly publishedColumn: string | null;
  /** Which publication `published` is from. */
  readonly reference: string | null;
  /** About how many trials of each system would decide an inconclusive verdict. */
  readonly neededTrials: number | null;
  readonly difference: Difference | null;
  /** What was repeated behind it; null for published values and where there is none. */
  readonly levels: Levels | null;
  /** Only where the metric is a requested share and has a value. */
  readonly request: RequestedShare | null;
  /** Trials of this system and suite by what became of this metric in them. */
  readonly trials: Readonly<Record<'value' | 'missing' | 'failed' | 'void' | 'skipped' | 'pending', number>>;
  /** Notes on this number. */
  readonly notes: readonly Note[];
  /** Every value: `[value, index into Report.trials, index into that trial's files, line]`. */
  readonly samples: readonly (readonly [number, number, number, number])[];
  /** Percent: the smallest difference from the baseline that a noise run could detect in this metric; null without one. */
  readonly noiseFloor: number | null;
  /** p value of the published value with its margin holding, alone and with Holm's adjustment for the exhibit; null unjudged. */
  readonly bandP: number | null;
  readonly bandHolmP: number | null;
  /** Key of the system that the ratio is to; null without a ratio. */
  readonly baseline: string | null;
  /** Only of published systems: what the text of the publication states of this metric. */
  readonly stated: readonly StatedFact[];
}
