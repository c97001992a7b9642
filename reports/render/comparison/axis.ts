import type { ComparedRow } from '../../model/comparison.js';
import { formatRatio } from '../../narrative/format.js';

type Ratio = Pick<ComparedRow, 'ratio' | 'low' | 'high'>;

/** A logarithmic axis of ratios around 1, from 1 / `most` to `most`; the same for all rows. */
export interface RatioAxis {
  readonly most: number;
  readonly low: string;
  readonly high: string;
}

/** Wider intervals are cut, so that one of them does not squeeze the rest. */
const WIDEST = 4;
const NARROWEST = 1.02;

/** In units of the drawing. */
const WIDTH = 200;
const MARGIN = 8;

/** An axis on which every interval has room, up to a factor of 4. */
export function axisOf(rows: readonly Ratio[]): RatioAxis {
  const ends = rows.flatMap(({ ratio, low, high }) => [ratio, low ?? ratio, high ?? ratio]);
  const largest = Math.max(NARROWEST, ...ends.map((end) => Math.max(end, 1 / end)));
  const most = Math.min(WIDEST, largest);
  return { most, low: formatRatio(1 / most), high: formatRatio(most) };
}

/** Where a row is on its axis: positions from 0 to 200, in text with one decimal. */
interface AxisMark {
  readonly center: string;
  readonly low: string;
  readonly high: string;
  readonly hasInterval: boolean;
  /** Whether an end lies beyond the axis: an arrow is drawn instead. */
  readonly cutLow: boolean;
  readonly cutHigh: boolean;
}

export function markOnAxis({ ratio, low, high }: Ratio, { most }: RatioAxis): AxisMark {
  const at = (value: number): string => {
    const part = Math.max(-1, Math.min(1, Math.log(value) / Math.log(most)));
    return (WIDTH / 2 + part * (WIDTH / 2 - MARGIN)).toFixed(1);
  };
  // The axis ends where the widest interval does, but for rounding.
  const limit = most * (1 + 1e-9);
  return {
    center: at(ratio),
    low: at(low ?? ratio),
    high: at(high ?? ratio),
    hasInterval: low !== null && high !== null,
    cutLow: (low ?? ratio) < 1 / limit,
    cutHigh: (high ?? ratio) > limit,
  };
}
