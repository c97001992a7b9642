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
  const lines = Array.from({ length: rows }, (_, row) => {
    const tops = topsOf(row);
    return figure.groups.map((label, index) => ({
      text: cut(label, (columns.headings ? right : labels - 8) * LABEL_SIZE),
      y: (tops[index] ?? 0) + (columns.headings ? HEADING / 2 : LANE / 2),
      end: (tops[index] ?? 0) + (heights[index] ?? 0) - GROUP_GAP / 2,
    }));
  });
  const names = Array.from({ length: rows }, (_, row) =>
    topsOf(row).flatMap((top, index) => namesOf(figure, index, top + above, columns)),
  );
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
    labels: lines.flat(),
    names: names.flat(),
    headings: columns.headings,
    words:
      columns.words === 0
        ? null
        : {
            x: right + WORDS_GAP,
            y: rowTop(0) + TOP - 16,
            text: 'What the paper states',
            from: rowTop(0) + TOP - 6,
            to: rowTop(0) + TOP + content,
          },
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
