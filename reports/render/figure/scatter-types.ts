/** A figure of points with the places of all that is drawn: pixels from the top left, numbers in percent. */
export interface ScatterLayout {
  readonly form: 'scatter';
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** The figure in words. */
  readonly description: string;
  /** The plot; `foot` is below the lanes under it, `end` is where the labels begin. */
  readonly plot: Readonly<Record<'left' | 'top' | 'right' | 'bottom' | 'foot' | 'end', number>>;
  readonly x: AxisLayout;
  readonly y: AxisLayout;
  /** Left end of the strip of systems without a horizontal coordinate; null without any. */
  readonly beside: { readonly x: number; readonly text: string } | null;
  /** Top of the lanes of systems without a vertical coordinate. */
  readonly below: { readonly y: number; readonly text: string } | null;
  readonly points: readonly PointLayout[];
}

export interface AxisLayout {
  readonly axis: string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly domain: { readonly min: number; readonly max: number };
  readonly rule: { readonly at: number; readonly label: string };
}

/** An interval or a band; cut where it goes on beyond the axis. */
export interface Segment {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
  readonly cutLow: boolean;
  readonly cutHigh: boolean;
}

export interface PointLayout {
  /** Index of its colour and shape; null of a system of the publication. */
  readonly series: number | null;
  readonly x: number;
  readonly y: number;
  /** Null where it has no such coordinate: then it is in a lane. */
  readonly value: { readonly x: number | null; readonly y: number | null };
  /** Whether it is a range without a point. */
  readonly isBand: { readonly x: boolean; readonly y: boolean };
  readonly across: Segment | null;
  readonly up: Segment | null;
  readonly label: { readonly text: string; readonly x: number; readonly y: number };
  readonly tip: string;
}
