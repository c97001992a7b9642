import type { FigurePanel } from '../../model/figure.js';
import { formatRatio, formatValue, scaleFor, type Scale } from '../../narrative/format.js';

/** One panel's way from numbers to pixels and to text. */
export interface PanelScale {
  readonly left: number;
  readonly width: number;
  at(value: number): number;
  /** Where 0 is, when that is not at the left. */
  readonly zero: number | null;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** A number with the decimals of its panel, without a unit. */
  write(value: number): string;
  /** `Gbit/s`, `%`; empty for what is relative. */
  readonly unit: string;
}

/** Room right of the longest bar for its number. */
const HEADROOM = 0.86;
/** Fewest pixels between two ticks. */
const TICK_ROOM = 58;

/** An axis with 0 on it, at its left unless something is below, and room for everything in the panel. */
export function panelScale(panel: FigurePanel, left: number, width: number): PanelScale {
  const values = panel.groups.flatMap((group) => [
    ...group.marks.flatMap((mark) => (mark.state === 'value' ? [mark.value, mark.high ?? 0] : [])),
    ...group.published.flatMap((mark) => mark.high ?? []),
  ]);
  // Below 0 only for what is itself below it: the interval of a rate may reach there, and the rate cannot.
  const below = panel.groups.flatMap((group) => [
    ...group.marks.flatMap((mark) => (mark.state === 'value' && mark.value < 0 ? [mark.value, mark.low ?? 0] : [])),
    ...group.published.flatMap((mark) => mark.low ?? []),
  ]);
  const least = Math.min(0, ...below.filter(Number.isFinite));
  const greatest = Math.max(0, ...[...values, ...panel.rules.map((rule) => rule.value)].filter(Number.isFinite));
  const top = greatest > 0 || least < 0 ? greatest : 1;
  const { write, unit, divisor } = writer(panel);
  const room = width * HEADROOM;
  const step = niceStep((top - least) / divisor, Math.max(2, Math.floor(room / TICK_ROOM))) * divisor;
  const at = (value: number): number => left + ((Math.max(least, value) - least) / (top - least)) * room;
  const first = Math.ceil((least / step) * (1 + 1e-9));
  const last = Math.floor((top / step) * (1 + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => ({
    at: at((first + index) * step),
    label: String(Number((((first + index) * step) / divisor).toPrecision(6))).replace('-', '−'),
  }));
  return { left, width, at, zero: least < 0 ? at(0) : null, ticks, write, unit };
}

/** How numbers of a panel are written: relative performance as ratios are, anything else in the scale of its values. */
export function writer(panel: FigurePanel): Pick<PanelScale, 'write' | 'unit'> & { readonly divisor: number } {
  if (panel.unit === null) return { write: formatRatio, unit: '', divisor: 1 };
  const values = panel.groups.flatMap((group) =>
    group.marks.flatMap((mark) => (mark.state === 'value' ? mark.value : [])),
  );
  const scale = scaleFor(panel.unit, values);
  const short: Scale = { ...scale, decimals: Math.min(scale.decimals, panel.unit === 'percent' ? 1 : 2) };
  return { write: (value) => formatValue(value, short), unit: scale.label, divisor: scale.divisor };
}

/** 1, 2 or 5 times a power of ten, so that at most `most` of it fit. */
function niceStep(top: number, most: number): number {
  const rough = top / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}
