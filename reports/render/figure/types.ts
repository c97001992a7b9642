/** A figure with the places of all that is drawn: pixels from the top left, numbers in the unit of their panel. */
export interface FigureLayout {
  readonly form: 'bars';
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The figure in words. */
  readonly description: string;
  /** Labels by pattern and colour. */
  readonly series: readonly string[];
  readonly groups: readonly string[];
  /** Height of a bar. */
  readonly bar: number;
  readonly legend: readonly LegendEntry[];
  /** Labels of groups, once for each row of panels, and the line below each. */
  readonly labels: readonly { readonly text: string; readonly y: number; readonly end: number }[];
  readonly panels: readonly PanelLayout[];
}

export interface PanelLayout {
  readonly left: number;
  readonly width: number;
  /** Of the bars. */
  readonly top: number;
  readonly bottom: number;
  /** Null where the figure has one panel, whose title is that of the figure. */
  readonly title: string | null;
  /** Below the ticks. */
  readonly axis: string;
  readonly unit: string;
  /** Numbers are divided by it for ticks: 1e6 for Mbit/s. */
  readonly divisor: number;
  readonly domain: Domain;
  /** Where 0 is, when that is not at the left. */
  readonly zero: number | null;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly rules: readonly { readonly value: number; readonly x: number; readonly label: string }[];
  readonly bars: readonly BarLayout[];
  readonly stated: readonly StatedLayout[];
  readonly notes: readonly NoteLayout[];
}

/** The numbers at the left of a panel and at the end of its axis, and where that end is. */
export interface Domain {
  readonly min: number;
  readonly max: number;
  readonly end: number;
}

/** A bar from 0 with its 95 % interval. */
export interface BarLayout {
  readonly series: number;
  readonly group: number;
  /** Middle. */
  readonly y: number;
  readonly value: number;
  readonly from: number;
  readonly to: number;
  /** As drawn; `cut` where it goes on beyond the axis. Null without an interval. */
  readonly interval: {
    readonly low: number;
    readonly high: number;
    readonly from: number;
    readonly to: number;
    readonly cut: boolean;
  } | null;
  /** The value as written beside the bar. */
  readonly number: string;
  readonly numberX: number;
  /** With the interval, and the system where bars are of systems. */
  readonly tip: string;
}

/** What the paper states on the axis: a point where both ends are equal, or a band. */
export interface StatedLayout {
  readonly y: number;
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/** Words in a lane: why there is no bar, or what the paper states. */
export interface NoteLayout {
  readonly kind: 'absent' | 'stated';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Of the bar that is absent, in a figure whose bars are systems; null of other words. */
  readonly series: number | null;
  /** The words before they were cut to the panel. */
  readonly whole: string;
}

/** A key of the legend, left of its label. `series` is null for the mark of what the paper states. */
export interface LegendEntry {
  readonly series: number | null;
  readonly label: string;
  readonly x: number;
  readonly y: number;
}
