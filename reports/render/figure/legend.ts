import type { Figure } from '../../model/figure.js';
import { seriesName } from '../../narrative/baselines.js';
import type { LegendEntry } from './types.js';

const ROW = 20;
/** Width of a key and the gap after it. */
export const KEY = 28;
const GAP = 18;
/** Pixels of a letter of the legend, about. */
const LETTER = 6.8;

/** The names of the systems, in as many rows as they need, and the height of all. Metrics are named by their panels. */
export function layoutLegend(
  figure: Figure,
  width: number,
): { readonly entries: readonly LegendEntry[]; readonly height: number } {
  const systems =
    figure.bars === 'systems' ? figure.series.map((one, series) => ({ series, label: seriesName(one) })) : [];
  const isStated = figure.panels.some(({ groups }) => groups.some(({ published }) => published.length > 0));
  const all = [...systems, ...(isStated ? [{ series: null, label: 'stated by the paper' }] : [])];
  let [x, y] = [0, ROW / 2];
  const entries = all.map(({ series, label }): LegendEntry => {
    const own = KEY + label.length * LETTER;
    if (x > 0 && x + own > width) [x, y] = [0, y + ROW];
    const entry = { series, label, x, y };
    x += own + GAP;
    return entry;
  });
  return { entries, height: entries.length === 0 ? 0 : y + ROW / 2 + 6 };
}
