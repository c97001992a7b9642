import type { FigurePanel } from '../../model/figure.js';
import { formatRatio, formatValue, scaleFor, type Scale } from '../../narrative/format.js';
import { ticksOf } from '../chart/figure-chart.js';
import type { Domain } from './types.js';

/** One panel's way from numbers to pixels and to text. */
export interface PanelScale {
  readonly left: number;
  readonly width: number;
  readonly domain: Domain;
  at(value: number): number;
  /** Where 0 is, when that is not at the left. */
  readonly zero: number | null;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** A number with the decimals of its panel, without a unit. */
  write(value: number): string;
  /** `Gbit/s`, `%`; empty for what is relative. */
  readonly unit: string;
  readonly divisor: number;
}

/** Room right of the longest bar for its number. */
const HEADROOM = 0.86;
const MIN_HEADROOM = 46;
/** An interval that ends beyond this many times all values is cut at it, so that bars stay comparable. */
const BEYOND = 1.5;

/** Of so many relative values or more, those beyond this many times what most of them are at most are cut. */
const FEW = 4;
const FAR = 3;
const USUAL = 0.75;

/** An axis with 0 on it, at its left unless something is below, and room for every value in the panel. */
export function panelScale(panel: FigurePanel, left: number, width: number): PanelScale {
  // Below 0 only for what is itself below it: the interval of a rate may reach there, and the rate cannot.
  const below = panel.groups.flatMap((group) => [
    ...group.marks.flatMap((mark) => (mark.state === 'value' && mark.value < 0 ? [mark.value, mark.low ?? 0] : [])),
    ...group.published.flatMap((mark) => mark.low ?? []),
  ]);
  const min = Math.min(0, ...below.filter(Number.isFinite));
  const greatest = topOf(panel);
  const max = greatest > 0 || min < 0 ? greatest : 1;
  const { write, unit, divisor } = writer(panel);
  const end = left + Math.min(width * HEADROOM, width - MIN_HEADROOM);
  const at = (value: number): number => left + ((Math.max(min, value) - min) / (max - min)) * (end - left);
  const ticks = ticksOf({ min, max, room: end - left, divisor, log: false }).map(({ value, label }) => ({
    at: at(value),
    label,
  }));
  return { left, width, domain: { min, max, end }, at, zero: min < 0 ? at(0) : null, ticks, write, unit, divisor };
}

/** The end of the axis: that of the longest interval, unless it is far beyond all values, rules and statements. */
function topOf(panel: FigurePanel): number {
  const finite = (values: readonly number[]): number => Math.max(0, ...values.filter(Number.isFinite));
  const marks = panel.groups.flatMap((group) => group.marks.flatMap((mark) => (mark.state === 'value' ? mark : [])));
  const values = finite([
    ...marks.map(({ value }) => value),
    ...panel.rules.map(({ value }) => value),
    ...panel.groups.flatMap((group) => group.published.flatMap((mark) => mark.high ?? [])),
  ]);
  const highs = finite(marks.map(({ high }) => high ?? 0));
  const limit = limitOf(
    panel,
    marks.map(({ value }) => value),
  );
  const shown = Math.min(values, limit);
  return shown > 0 ? Math.max(shown, Math.min(highs, shown * BEYOND)) : highs;
}

/** Of relative performance: where the axis ends at the latest, if few values are far beyond all others. */
function limitOf({ unit, rules }: FigurePanel, values: readonly number[]): number {
  if (unit !== null || values.length < FEW) return Infinity;
  const sorted = [...values].sort((a, b) => a - b);
  const usual = sorted[Math.ceil(sorted.length * USUAL) - 1] ?? Infinity;
  return Math.max(FAR * usual, ...rules.map(({ value }) => value));
}

/** How numbers of a panel are written: relative performance as ratios are, anything else in the scale of its values. */
export function writer(panel: FigurePanel): Pick<PanelScale, 'write' | 'unit'> & { readonly divisor: number } {
  if (panel.unit === null) return { write: formatRatio, unit: '', divisor: 1 };
  const measured = panel.groups.flatMap((group) =>
    group.marks.flatMap((mark) => (mark.state === 'value' ? mark.value : [])),
  );
  const stated = panel.groups.flatMap(({ published }) => published.flatMap(({ low }) => low ?? []));
  const values = measured.length > 0 ? measured : [...stated, ...panel.rules.map(({ value }) => value)];
  const scale = scaleFor(panel.unit, values);
  const short: Scale = { ...scale, decimals: Math.min(scale.decimals, panel.unit === 'percent' ? 1 : 2) };
  return { write: (value) => formatValue(value, short), unit: scale.label, divisor: scale.divisor };
}
