import type { Figure, FigurePanel } from '../../model/figure.js';
import { seriesName } from '../../narrative/baselines.js';
import { panelScale } from './axis.js';
import { columnsOf, type Columns } from './columns.js';
import { describeFigure } from './describe.js';
import { cut, LANE, lanesOf, layoutGroup, namesOf, WORDS_GAP } from './lanes.js';
import { layoutLegend } from './legend.js';
import type { FigureLayout, PanelLayout } from './types.js';

const PANEL_GAP = 28;
/** Narrower panels are put below each other. */
const MIN_PANEL = 150;
const TOP = 44;
export const BAR = 12;
const GROUP_GAP = 12;
/** Of the name of a group above its bars. */
const HEADING = 22;
const AXIS = 50;
const ROW_GAP = 16;
/** Labels of groups are larger than small text. */
const LABEL_SIZE = 0.85;

/**
 * Where everything of a figure is drawn, in pixels of a drawing of this width: what SVG, Chart.js, PNG and PDF share. Default:
 * the width in a page. Panels are side by side where there is room for them, else below each other. `legend`: with the names
 * of the systems above, for a drawing without a page around it.
 */
export function layoutFigure(
  figure: Figure,
  { width: requested, legend = false }: { readonly width?: number; readonly legend?: boolean } = {},
): FigureLayout {
  const columns = columnsOf(figure, requested);
  const { width, labels } = columns;
  const keys = legend ? layoutLegend(figure, width) : { entries: [], height: 0 };
  const above = columns.headings ? HEADING : 0;
  const heights = figure.groups.map((_, index) => above + lanesOf(figure, index) * LANE + GROUP_GAP);
  const content = heights.reduce((sum, height) => sum + height, 0);
  const right = width - columns.words;
  const shared = (right - labels - PANEL_GAP * (figure.panels.length - 1)) / figure.panels.length;
  const beside = shared >= MIN_PANEL;
  const panelWidth = beside ? shared : right - labels;
  const rowHeight = TOP + content + AXIS;
  const rows = beside ? 1 : figure.panels.length;
  const rowTop = (row: number): number => keys.height + row * (rowHeight + ROW_GAP);
  /** The tops of the groups, with their headings. */
  const topsOf = (row: number): number[] =>
    heights.map((_, index) => rowTop(row) + TOP + heights.slice(0, index).reduce((sum, one) => sum + one, 0));
  const panels = figure.panels.map((panel, index): PanelLayout => {
    const left = labels + (beside ? index * (panelWidth + PANEL_GAP) : 0);
    const row = beside ? 0 : index;
    const top = rowTop(row);
    const box = { left, width: panelWidth, top, bottom: top + TOP + content };
    return layoutPanel(
      panel,
      figure,
      box,
      topsOf(row).map((at) => at + above),
      columns,
    );
  });
  const texts = textsOf(figure, columns, {
    heights,
    right,
    tops: Array.from({ length: rows }, (_, row) => topsOf(row)),
  });
  return {
    form: 'bars',
    width,
    height: rowTop(rows - 1) + rowHeight,
    title: figure.title,
    description: describeFigure(figure),
    series: figure.series.map(seriesName),
    groups: figure.groups,
    bar: BAR,
    legend: keys.entries,
    ...texts,
    headings: columns.headings,
    words: columns.words === 0 ? null : wordsHead(right, rowTop(0) + TOP, content),
    panels,
  };
}

/** The head of the column of what the paper states: right of the panels, above the bars. */
function wordsHead(right: number, top: number, content: number): FigureLayout['words'] {
  const x = right + WORDS_GAP;
  return { x, y: top - 16, text: 'What the paper states', from: top - 6, to: top + content };
}

interface Rows {
  readonly heights: readonly number[];
  /** Where the panels end. */
  readonly right: number;
  /** Of the groups, by row of panels. */
  readonly tops: readonly (readonly number[])[];
}

/** The names of groups and of lanes, once for each row of panels. */
function textsOf(
  figure: Figure,
  columns: Columns,
  { heights, right, tops: all }: Rows,
): Pick<FigureLayout, 'labels' | 'names'> {
  const { headings, labels: room } = columns;
  const labels = all.flatMap((tops) =>
    figure.groups.map((label, index) => {
      const top = tops[index] ?? 0;
      return {
        text: cut(label, (headings ? right : room - 8) * LABEL_SIZE),
        y: top + (headings ? HEADING / 2 : LANE / 2),
        end: top + (heights[index] ?? 0) - GROUP_GAP / 2,
      };
    }),
  );
  const above = headings ? HEADING : 0;
  const names = all.flatMap((tops) => tops.flatMap((top, index) => namesOf(figure, index, top + above, columns)));
  return { labels, names };
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
  columns: Columns,
): PanelLayout {
  const scale = panelScale(panel, box.left, box.width);
  const groups = panel.groups.map((group, index) =>
    layoutGroup(group, index, tops[index] ?? TOP, scale, figure, columns),
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
