/**
 * A dot-and-interval plot as plain data: no pixels, no colours. Renderers decide how it looks. Absent marks have a reason,
 * so that nothing vanishes silently.
 */
export interface DotPlot {
  readonly title: string;
  /** What the horizontal axis shows, in words. */
  readonly axis: string;
  /** The value of the reference line. */
  readonly reference: number;
  readonly referenceLabel: string;
  readonly series: readonly PlotSeries[];
  readonly rows: readonly { readonly label: string; readonly marks: readonly PlotMark[] }[];
}

export interface PlotSeries {
  readonly label: string;
  /** Published series have hollow marks and no interval. */
  readonly published: boolean;
}

/** One per series, in the order of the series. */
export type PlotMark =
  | { readonly state: 'value'; readonly value: number; readonly low: number | null; readonly high: number | null }
  | { readonly state: 'missing' | 'failed' | 'void' | 'skipped'; readonly why: string };
