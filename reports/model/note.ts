import type { CpuClock, RecordedProfile, TargetId, Unit } from '../../harness/types.js';
import type { NoInterval } from '../statistics/intervals.js';
import type { Level, Levels } from './levels.js';
import type { Origin, TrialStatus } from './states.js';
import type { ToolUse } from './tool.js';
import type { CellPrecision, PrecisionGrade } from './precision.js';
import type { OtherPublished } from './other-published.js';

/** Why a value has no ratio: what is missing from, or different in, the series that it would be divided by. */
export type NoRatio =
  /** The system was not measured with the suite or workload of the divisor. */
  | { readonly reason: 'not measured'; readonly benchmark: string }
  /** One of the two was measured on an emulated machine; `emulated` is whether this value was. */
  | { readonly reason: 'emulation'; readonly emulated: boolean }
  | { readonly reason: 'suite version' }
  | { readonly reason: 'tool' }
  /** Different kinds of clock counted the two CPU times; null: none is stated. */
  | { readonly reason: 'clock'; readonly own: CpuClock | null; readonly baseline: CpuClock | null }
  /** The divisor has a value that is zero or negative. */
  | { readonly reason: 'not positive' }
  | { readonly reason: 'no value' }
  | { readonly reason: 'origin'; readonly baseline: Origin }
  | { readonly reason: 'profile'; readonly baseline: RecordedProfile }
  /** Both are of no profile, and their sizes differ or are not stated: null. */
  | { readonly reason: 'size'; readonly own: string | null; readonly baseline: string | null };

/** Which of two series leaves their ratio without an interval, and why. */
export interface NoRatioInterval {
  readonly side: 'own' | 'baseline';
  readonly reason: NoInterval;
}

/** A difference between a value and the baseline that it is divided by. */
export type BaselineNote =
  | { readonly kind: 'other host'; readonly own: string; readonly baseline: string }
  | { readonly kind: 'other origin'; readonly own: Origin; readonly baseline: Origin }
  | { readonly kind: 'other tool'; readonly own: ToolVersion; readonly baseline: ToolVersion }
  | { readonly kind: 'other linkage'; readonly own: string | null; readonly baseline: string | null }
  /**
   * The two sides were replicated at unlike levels, boots on one and trials on the other: the interval covers what varies from
   * boot to boot on one side only. Boots are null where they are not known.
   */
  | {
      readonly kind: 'other level';
      readonly own: ReplicatedAt;
      readonly baseline: ReplicatedAt;
    };

export interface ReplicatedAt {
  readonly level: Level;
  readonly boots: number | null;
  readonly trials: number;
}

export type ToolVersion = Pick<ToolUse, 'name' | 'version'>;

/** A note on one number. `describeNote` puts it into words. */
export type Note =
  /** Trials that may not be pooled with these are in another cell of the same row and column. */
  | { readonly kind: 'separate series' }
  | { readonly kind: 'no interval'; readonly reason: 'too few'; readonly minTrials: number }
  /** All values are equal, and the step between values that the tool can print is unknown. */
  | { readonly kind: 'no interval'; readonly reason: 'no spread' }
  /** The value has an interval, and its ratio has none. */
  | ({ readonly kind: 'no ratio interval' } & NoRatioInterval)
  /**
   * The analysis by blocks has another result: one of the two intervals excludes 1 and the other does not
   * (`difference`), or they have other verdicts.
   */
  | { readonly kind: 'paired analysis differs'; readonly in: 'difference' | 'verdict'; readonly blocks: number }
  /** What was repeated behind the value: `Levels` without its variance. */
  | ({ readonly kind: 'levels'; readonly boots: number } & Pick<Levels, 'level' | 'starts' | 'trials'>)
  | { readonly kind: 'pooled runs'; readonly runs: number }
  /** A CPU time, and what counted it. */
  | { readonly kind: 'clock'; readonly clock: CpuClock }
  | ({ readonly kind: 'no ratio' } & NoRatio)
  /** Of a report with several baselines: the label of the one that the ratio is to. */
  | { readonly kind: 'baseline'; readonly label: string }
  | BaselineNote
  /** `trials` of `of` trials have this status and no value. */
  | {
      readonly kind: 'trials without value';
      readonly status: Exclude<TrialStatus, 'collected'>;
      readonly trials: number;
      readonly of: number;
      readonly why: string;
    }
  /** `trials` of `of` trials were collected without a value of this metric. */
  | { readonly kind: 'value missing'; readonly trials: number; readonly of: number; readonly why: string }
  /** Its run ended by the width of its intervals, in percent of the mean, after at least so many trials. */
  | { readonly kind: 'adaptive stopping'; readonly ciWidth: number; readonly minTrials: number }
  /** The profile of its suite declares that its values spread, see `Profile.unstable`. */
  | { readonly kind: 'unstable profile'; readonly why: string }
  /** The values spread, or their interval is wide: see `CellPrecision`. */
  | ({ readonly kind: 'imprecise'; readonly grade: Exclude<PrecisionGrade, 'precise'> } & Omit<CellPrecision, 'grade'>)
  /** The coefficients of variation, in percent, of the imprecise values that a ratio is of; null for a precise one. */
  | { readonly kind: 'imprecise ratio'; readonly own: number | null; readonly baseline: number | null }
  /** The difference from the baseline is at most this percentage, the noise floor of the metric. */
  | { readonly kind: 'below noise floor'; readonly percent: number };

/** A note on an exhibit. `describeExhibitNote` puts it into words. */
export type ExhibitNote =
  /** A note of cells of one target. `metrics`: labels of the rows that it applies to; null for all rows. */
  | {
      readonly kind: 'cells';
      readonly target: TargetId;
      readonly note: Note;
      readonly metrics: readonly string[] | null;
    }
  /** The share of boots in the variance of trials, as fractions of 1: the least and the largest of so many cells. */
  | {
      readonly kind: 'boot variance';
      readonly target: TargetId;
      readonly low: number;
      readonly high: number;
      readonly cells: number;
      /** Cells in which the estimate was negative, and 0 was taken instead. */
      readonly clipped: number;
    }
  /**
   * Ratios or deviations with intervals that are of each alone, how many of them are expected not to cover the truth, and
   * how many verdicts share one error rate.
   */
  | {
      readonly kind: 'multiplicity';
      readonly intervals: number;
      readonly expectedToMiss: number;
      readonly verdicts: number;
    }
  /** Another publication has other values for a row: each with its column, and the one that measured values are compared with. */
  | {
      readonly kind: 'sources differ';
      readonly label: string;
      readonly unit: Unit;
      readonly reference: string;
      readonly values: readonly (OtherPublished & { readonly column: string; readonly compared: number })[];
    }
  /** What a check of trials of this target found, which was as expected. */
  | { readonly kind: 'stated'; readonly target: TargetId; readonly check: string; readonly found: string }
  /** Systems on emulated machines, by label, that are not shown because real ones are. */
  | { readonly kind: 'left out'; readonly systems: readonly string[] }
  /** The line rate cannot be drawn. */
  | { readonly kind: 'no line rate'; readonly why: string };
