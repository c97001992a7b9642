import type { Figure, FigureGroup, FigureMark, FigurePanel, FigurePublished } from '../../model/figure.js';
import { panelScale, type PanelScale } from './axis.js';
import { describeFigure } from './describe.js';
import { layoutLegend } from './legend.js';
import type { BarLayout, FigureLayout, NoteLayout, PanelLayout, StatedLayout } from './types.js';

/** Pixels of a figure in the page. */
export const PAGE_WIDTH = 760;
const LABELS = 124;
const PANEL_GAP = 28;
/** Narrower panels are put below each other. */
const MIN_PANEL = 150;
const TOP = 44;
export const LANE = 18;
export const BAR = 12;
const GROUP_GAP = 12;
const AXIS = 50;
const ROW_GAP = 16;
/** Pixels of a letter of the figure's small text, about: what is absent is cut to what its panel has room for. */
const LETTER = 5.8;
/** Labels of groups are larger than it. */
const LABEL_SIZE = 0.85;
/** Pixels of a digit of a number, about. */
const DIGIT = 6.5;

/**
 * Where everything of a figure is drawn, in pixels of a drawing of this width: what SVG, Chart.js, PNG and PDF share.
 * Panels are side by side where there is room for them, else below each other. `legend`: with the names of the systems
 * above, for a drawing without a page around it.
 */
export function layoutFigure(
  figure: Figure,
  { width = PAGE_WIDTH, legend = false }: { readonly width?: number; readonly legend?: boolean } = {},
): FigureLayout {
  const keys = legend ? layoutLegend(figure, width) : { entries: [], height: 0 };
  const heights = figure.groups.map((_, index) => lanesOf(figure, index) * LANE + GROUP_GAP);
  const content = heights.reduce((sum, height) => sum + height, 0);
  const shared = (width - LABELS - PANEL_GAP * (figure.panels.length - 1)) / figure.panels.length;
  const beside = shared >= MIN_PANEL;
  const panelWidth = beside ? shared : width - LABELS;
  const rowHeight = TOP + content + AXIS;
  const rows = beside ? 1 : figure.panels.length;
  const topsOf = (row: number): number[] =>
    heights.map(
      (_, index) =>
        keys.height + row * (rowHeight + ROW_GAP) + TOP + heights.slice(0, index).reduce((sum, one) => sum + one, 0),
    );
  const panels = figure.panels.map((panel, index): PanelLayout => {
    const left = LABELS + (beside ? index * (panelWidth + PANEL_GAP) : 0);
    const row = beside ? 0 : index;
    const top = keys.height + row * (rowHeight + ROW_GAP);
    return layoutPanel(
      panel,
      figure,
      { left, width: panelWidth, top, bottom: top + TOP + content },
      topsOf(row),
      width,
    );
  });
  const lines = Array.from({ length: rows }, (_, row) =>
    figure.groups.map((label, index) => {
      const top = topsOf(row)[index] ?? 0;
      return {
        text: cut(label, (LABELS - 8) * LABEL_SIZE),
        y: top + LANE / 2,
        end: top + (heights[index] ?? 0) - GROUP_GAP / 2,
      };
    }),
  );
  return {
    form: 'bars',
    width,
    height: keys.height + rows * rowHeight + (rows - 1) * ROW_GAP,
    title: figure.title,
    description: describeFigure(figure),
    series: figure.series.map(({ label }) => label),
    groups: figure.groups,
    bar: BAR,
    legend: keys.entries,
    labels: lines.flat(),
    panels,
  };
}

interface Box {
  readonly left: number;
  readonly width: number;
  /** Of the panel with its title; bars begin `TOP` below it. */
  readonly top: number;
  readonly bottom: number;
}

function layoutPanel(
  panel: FigurePanel,
  figure: Figure,
  box: Box,
  tops: readonly number[],
  width: number,
): PanelLayout {
  const scale = panelScale(panel, box.left, box.width);
  const groups = panel.groups.map((group, index) =>
    layoutGroup(group, index, tops[index] ?? TOP, scale, figure, width),
  );
  const unit = scale.unit === '' ? '' : `, ${scale.unit}`;
  return {
    ...{ left: box.left, width: box.width, top: box.top + TOP, bottom: box.bottom },
    title: figure.panels.length === 1 ? null : panel.title + unit,
    axis: cut(panel.axis, box.width),
    unit: scale.unit,
    divisor: scale.divisor,
    domain: scale.domain,
    zero: scale.zero,
    ticks: scale.ticks,
    rules: panel.rules.map(({ value, label }) => ({ value, x: scale.at(value), label })),
    bars: groups.flatMap(({ bars }) => bars),
    stated: groups.flatMap(({ stated }) => stated),
    notes: groups.flatMap(({ notes }) => notes),
  };
}

/** As many lanes as the fullest panel of a group needs. */
function lanesOf(figure: Figure, group: number): number {
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

interface Laid {
  readonly bars: readonly BarLayout[];
  readonly stated: readonly StatedLayout[];
  readonly notes: readonly NoteLayout[];
}

function layoutGroup(
  group: FigureGroup,
  index: number,
  top: number,
  scale: PanelScale,
  figure: Figure,
  width: number,
): Laid {
  const marks = isSilent(group) ? [] : group.marks;
  const named = figure.bars === 'systems';
  const laid = marks.map((mark, lane): Laid => {
    const label = named ? (figure.series[mark.series]?.label ?? '') : '';
    const y = top + lane * LANE + LANE / 2;
    if (mark.state !== 'value') return { bars: [], stated: [], notes: [absentNote(mark, label, y, scale)] };
    return { bars: [layoutBar(mark, index, label, y, scale, width)], stated: [], notes: [] };
  });
  const words = group.published.map((mark, lane) =>
    layoutStated(mark, top + (marks.length + lane) * LANE + LANE / 2, scale, named),
  );
  const all = [...laid, ...words];
  return {
    bars: all.flatMap(({ bars }) => bars),
    stated: all.flatMap(({ stated }) => stated),
    notes: all.flatMap(({ notes }) => notes),
  };
}

type Value = Extract<FigureMark, { state: 'value' }>;

function absentNote(mark: Exclude<FigureMark, Value>, label: string, y: number, scale: PanelScale): NoteLayout {
  const reason = ['not measured', 'not stated'].includes(mark.why) ? mark.why : `${mark.state}: ${mark.why}`;
  const whole = label === '' ? reason : `${label}, ${reason}`;
  const series = label === '' ? null : mark.series;
  return { kind: 'absent', series, x: scale.left + 5, y, text: cut(whole, scale.width - 5), whole };
}

function layoutBar(
  { series, value, low, high }: Value,
  group: number,
  label: string,
  y: number,
  scale: PanelScale,
  width: number,
): BarLayout {
  const { max } = scale.domain;
  const isCut = high !== null && high > max;
  const interval =
    low === null || high === null
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
  const end = Math.max(scale.at(0), scale.at(value), interval?.to ?? 0) + 5;
  return {
    ...{ series, group, y, value, interval, number },
    from: scale.at(0),
    to: scale.at(value),
    // Over the end of its error bar where that reaches the edge of the drawing.
    numberX: Math.min(end, width - (number.length + 1) * DIGIT),
    tip: `${label === '' ? '' : `${label}: `}${scale.write(value)}${words}`,
  };
}

function layoutStated(mark: FigurePublished, y: number, scale: PanelScale, named: boolean): Laid {
  const whole = `${named ? `${mark.column}, paper` : 'paper'}: ${mark.text}`;
  const note = (x: number, room: number): NoteLayout => ({
    ...{ kind: 'stated', series: null, x, y },
    ...{ text: cut(whole, room), whole },
  });
  if (mark.low === null || mark.high === null) {
    return { bars: [], stated: [], notes: [note(scale.left + 5, scale.width - 5)] };
  }
  const [from, to] = [scale.at(mark.low), scale.at(mark.high)];
  // Beside the mark where there is room for the words, else before it, cut to the larger of the two.
  const length = (whole.length + 1) * LETTER;
  const [after, before] = [scale.left + scale.width - to - 9, from - 14 - scale.left];
  const words =
    length <= after || after >= before
      ? note(to + 9, after)
      : note(Math.max(scale.left + 5, from - 9 - length), before);
  return { bars: [], stated: [{ y, low: mark.low, high: mark.high, from, to }], notes: [words] };
}

/** Text that must not be longer than `room` pixels, about. */
function cut(text: string, room: number): string {
  const letters = Math.floor(room / LETTER);
  const characters = Array.from(text);
  return characters.length <= letters ? text : `${characters.slice(0, Math.max(1, letters - 1)).join('')}…`;
}
