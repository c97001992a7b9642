import type { Unit } from '../../harness/types.js';

/**
 * A figure of bars as plain data: no pixels, no colours, numbers in the unit of their panel. Inline SVG is drawn from it,
 * and any other drawing can be. Absent marks have a reason, so that nothing vanishes silently.
 */
export interface Figure {
  readonly title: string;
  /** What a bar's pattern stands for: a system, named by the legend, or a metric, which has a panel of its own. */
  readonly bars: 'systems' | 'metrics';
  /** By pattern. */
  readonly series: readonly FigureSeries[];
  /** Labels of the groups of bars; every panel has the same groups in the same order. */
  readonly groups: readonly string[];
  /** Side by side; they share the labels of the groups. */
  readonly panels: readonly FigurePanel[];
}

export interface FigureSeries {
  readonly label: string;
  /** The baseline that its bars are relative to, in a figure of several. */
  readonly relativeTo?: string;
}

export interface FigurePanel {
  readonly title: string;
  /** What the axis shows, in words, without the unit. 0 is always on it. */
  readonly axis: string;
  /** Unit of every number in the panel; null for relative performance, which has none. */
  readonly unit: Unit | null;
  /** Lines across all bars: the baseline, the line rate. */
  readonly rules: readonly { readonly value: number; readonly label: string }[];
  readonly groups: readonly FigureGroup[];
}

export interface FigureGroup {
  readonly marks: readonly FigureMark[];
  readonly published: readonly FigurePublished[];
}

/** Why a bar is missing that a publication states nothing of. */
export const NOT_STATED = 'not stated';

/** One bar with its 95 % interval, or why there is none. `series` is an index into `Figure.series`. */
export type FigureMark =
  | {
      readonly series: number;
      readonly state: 'value';
      readonly value: number;
      readonly low: number | null;
      readonly high: number | null;
    }
  | { readonly series: number; readonly state: 'missing' | 'failed' | 'void' | 'skipped'; readonly why: string };

/**
 * What the paper states where it prints no number: a point (`low` equals `high`), a band, or words alone when it cannot be
 * shown on this axis.
 */
export interface FigurePublished {
  readonly column: string;
  /** What is stated: a number, one end of a range, or both ends. */
  readonly kind: 'value' | 'bound' | 'band';
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
  /** Id of the claim with this statement. */
  readonly claim: string;
}
