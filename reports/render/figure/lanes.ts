import type { Figure, FigureGroup, FigureMark, FigurePublished } from '../../model/figure.js';
import { seriesName } from '../../narrative/baselines.js';
import type { PanelScale } from './axis.js';
import type { Columns } from './columns.js';
import type { BarLayout, NameLayout, NoteLayout, StatedLayout } from './types.js';

export const LANE = 18;
/** Pixels of a letter of the figure's small text, about: what is absent is cut to what its panel has room for. */
const LETTER = 5.8;
/** Pixels of a digit of a number, about. */
const DIGIT = 6.5;
/** Names are larger than small text. */
const NAME_SIZE = 0.85;
/** Between the panels and the column of what the paper states. */
export const WORDS_GAP = 18;

/** What is drawn in the lanes of a group. */
export interface Laid {
  readonly bars: readonly BarLayout[];
  readonly stated: readonly StatedLayout[];
  readonly notes: readonly NoteLayout[];
}

const NOTHING: Laid = { bars: [], stated: [], notes: [] };

/** As many lanes as the fullest panel of a group needs. */
export function lanesOf(figure: Figure, group: number): number {
  const lanes = figure.panels.map((panel) => {
    const own = panel.groups[group];
    return own === undefined ? 0 : laneCount(own);
  });
  return Math.max(1, ...lanes);
}

/** A single absent bar and the paper's words about it share a lane. */
function laneCount(group: FigureGroup): number {
  return isSilent(group) ? group.published.length : group.marks.length + group.published.length;
}

function isSilent({ marks, published }: FigureGroup): boolean {
  return published.length > 0 && marks.every((mark) => mark.state === 'missing' && mark.why === 'not measured');
}

/** The names beside the lanes of a group, by its first panel; none where the legend has them. */
export function namesOf(figure: Figure, index: number, top: number, { named, labels }: Columns): NameLayout[] {
  const group = figure.panels[0]?.groups[index];
  if (!named || group === undefined) return [];
  const marks = isSilent(group) ? [] : group.marks;
  const y = (lane: number): number => top + lane * LANE + LANE / 2;
  const room = (labels - 6) * NAME_SIZE;
  return [
    ...marks.map(({ series }, lane) => {
      const one = figure.series[series];
      return { series, text: cut(one === undefined ? '' : seriesName(one), room), y: y(lane) };
    }),
    ...group.published.map(({ column }, lane) => ({
      series: null,
      text: cut(`${column}, paper`, room),
      y: y(marks.length + lane),
    })),
  ];
}

/** The bars of a group in its lanes, then what the paper states. */
export function layoutGroup(
  group: FigureGroup,
  index: number,
  top: number,
  scale: PanelScale,
  figure: Figure,
  columns: Columns,
): Laid {
  const marks = isSilent(group) ? [] : group.marks;
  const bySystem = figure.bars === 'systems';
  const laid = marks.map((mark, lane): Laid => {
    const one = figure.series[mark.series];
    const label = bySystem && one !== undefined ? seriesName(one) : '';
    const y = top + lane * LANE + LANE / 2;
    if (mark.state !== 'value')
      return { ...NOTHING, notes: [absentNote(mark, columns.named ? '' : label, bySystem, y, scale)] };
    return { ...NOTHING, bars: [layoutBar(mark, index, label, y, scale, columns.width - columns.words)] };
  });
  const words = group.published.map((mark, lane) =>
    layoutStated(mark, top + (marks.length + lane) * LANE + LANE / 2, scale, bySystem, columns),
  );
  const all = [...laid, ...words];
  return {
    bars: all.flatMap(({ bars }) => bars),
    stated: all.flatMap(({ stated }) => stated),
    notes: all.flatMap(({ notes }) => notes),
  };
}

type Value = Extract<FigureMark, { state: 'value' }>;

function absentNote(
  mark: Exclude<FigureMark, Value>,
  label: string,
  bySystem: boolean,
  y: number,
  scale: PanelScale,
): NoteLayout {
  const reason = ['not measured', 'not stated'].includes(mark.why) ? mark.why : `${mark.state}: ${mark.why}`;
  const whole = label === '' ? reason : `${label}, ${reason}`;
  const series = bySystem ? mark.series : null;
  return { kind: 'absent', series, x: scale.left + 5, y, text: cut(whole, scale.width - 5), whole };
}

function layoutBar(
  { series, value, low, high }: Value,
  group: number,
  label: string,
  y: number,
  scale: PanelScale,
  right: number,
): BarLayout {
  const { max } = scale.domain;
  const isCut = high !== null && high > max;
  const shown = Math.min(max, value);
  const interval =
    low === null || high === null || low > max
      ? null
      : {
          low: Math.min(max, low),
          high: Math.min(max, high),
          from: scale.at(low),
          to: scale.at(Math.min(max, high)),
          cut: isCut,
        };
  const number = `${scale.write(value)}${isCut ? ` (to ${scale.write(high)})` : ''}`;
  const words = low === null || high === null ? '' : ` (${scale.write(low)} – ${scale.write(high)})`;
  const end = Math.max(scale.at(0), scale.at(shown), interval?.to ?? 0) + 5;
  return {
    ...{ series, group, y, value, shown, cut: value > max, interval, number },
    from: scale.at(0),
    to: scale.at(shown),
    // Over the end of its error bar where that reaches the edge of the panels.
    numberX: Math.min(end, right - (number.length + 1) * DIGIT),
    tip: `${label === '' ? '' : `${label}: `}${scale.write(value)}${words}`,
  };
}

/** A mark where the axis has it, and its words: in a column of their own, else in the lane. */
function layoutStated(mark: FigurePublished, y: number, scale: PanelScale, bySystem: boolean, columns: Columns): Laid {
  const stated =
    mark.low === null || mark.high === null
      ? []
      : [{ y, low: mark.low, high: mark.high, from: scale.at(mark.low), to: scale.at(mark.high) }];
  if (columns.words > 0) {
    const whole = columns.named ? mark.text : `${mark.column}: ${mark.text}`;
    const [x, room] = [columns.width - columns.words + WORDS_GAP, columns.words - WORDS_GAP];
    return { ...NOTHING, stated, notes: [{ kind: 'words', series: null, x, y, text: cut(whole, room), whole }] };
  }
  const said = columns.named ? mark.text : `paper: ${mark.text}`;
  const whole = bySystem && !columns.named ? `${mark.column}, ${said}` : said;
  const note = (x: number, room: number): NoteLayout => ({
    ...{ kind: 'stated', series: null, x, y },
    ...{ text: cut(whole, room), whole },
  });
  const [place] = stated;
  if (place === undefined) return { ...NOTHING, notes: [note(scale.left + 5, scale.width - 5)] };
  const { from, to } = place;
  // Beside the mark where there is room for the words, else before it, cut to the larger of the two.
  const length = (whole.length + 1) * LETTER;
  const [after, before] = [scale.left + scale.width - to - 9, from - 14 - scale.left];
  const words =
    length <= after || after >= before
      ? note(to + 9, after)
      : note(Math.max(scale.left + 5, from - 9 - length), before);
  return { ...NOTHING, stated, notes: [words] };
}

/** Text that must not be longer than `room` pixels, about. */
export function cut(text: string, room: number): string {
  const characters = Array.from(text);
  const fitting = (limit: number): number => {
    let width = 0;
    const beyond = characters.findIndex((character) => (width += widthOf(character)) > limit);
    return beyond === -1 ? characters.length : beyond;
  };
  if (fitting(room) === characters.length) return text;
  return `${characters.slice(0, Math.max(1, fitting(room - LETTER))).join('')}…`;
}

/** Capitals are wider than the mean of a text, which `LETTER` is. */
const widthOf = (character: string): number => (/[A-Z%@mw]/.test(character) ? 1.3 * LETTER : LETTER);
