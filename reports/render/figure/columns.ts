import type { Figure } from '../../model/figure.js';
import { seriesName } from '../../narrative/baselines.js';

/** Pixels of a figure in the page: wide where each bar is named or what the paper states has a column. */
export const PAGE_WIDTH = 760;
const WIDE = 960;
/** Of a phone: the room of a page of 375 pixels. */
export const PHONE_WIDTH = 343;
/** Narrower drawings have names above their bars and no column of statements. */
const NARROW = 560;
const LABELS = 124;
const NARROW_LABELS = 96;
const LONGEST_NAME = 150;
const WORDS = 250;
/** With so many systems each bar is named beside it: a legend of more cannot be remembered. */
const NAMED_FROM = 5;
/** Pixels of a letter of a name, about. */
const NAME_LETTER = 6.6;

/** The columns of a drawing. */
export interface Columns {
  readonly width: number;
  /** Width of the column at the left: names of groups, or of bars. */
  readonly labels: number;
  /** Names of groups are above their bars. */
  readonly headings: boolean;
  /** Each bar has its name beside it. */
  readonly named: boolean;
  /** Width of the column of what the paper states; 0 where that is in the lanes. */
  readonly words: number;
}

/** The columns of a figure of this width; without one those of a page. */
export function columnsOf(figure: Figure, requested?: number): Columns {
  const bySystem = figure.bars === 'systems';
  const isStated = figure.panels.some(({ groups }) => groups.some(({ published }) => published.length > 0));
  const named = bySystem && figure.series.length >= NAMED_FROM;
  const width = requested ?? (named || (bySystem && isStated) ? WIDE : PAGE_WIDTH);
  const narrow = width < NARROW;
  const longest = Math.max(...figure.series.map((one) => seriesName(one).length), isStated ? 18 : 0);
  const names = Math.min(narrow ? NARROW_LABELS : LONGEST_NAME, longest * NAME_LETTER + 10);
  const groups = narrow ? (bySystem ? 0 : NARROW_LABELS) : LABELS;
  return {
    width,
    labels: named ? Math.round(names) : groups,
    headings: bySystem && (named || narrow),
    named,
    words: !narrow && bySystem && isStated ? Math.min(WORDS, Math.round(width * 0.27)) : 0,
  };
}
