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
  /** Names beside the lanes of bars, in a figure of many systems. */
  readonly names: readonly NameLayout[];
  /** Labels of groups are above their bars. */
  readonly headings: boolean;
  /** The head of the column of what the paper states, and the line before it; null without such a column. */
  readonly words: {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly from: number;
    readonly to: number;
  } | null;
  readonly panels: readonly PanelLayout[];
}

/** The name of a lane; `series` is null for a lane of what the paper states. */
export interface NameLayout {
  readonly series: number | null;
  readonly text: string;
  readonly y: number;
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
  /** The value, or the end of the axis where that is less: then the bar is cut. */
  readonly shown: number;
  readonly cut: boolean;
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
  /** `words`: in the column of what the paper states. */
  readonly kind: 'absent' | 'stated' | 'words';
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
