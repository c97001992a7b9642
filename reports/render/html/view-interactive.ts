import type { FigureExhibit, Report, ScatterExhibit, TableRow } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import { plainLine } from '../../narrative/format.js';
import type { ScatterLayout } from '../figure/scatter-types.js';
import type { SystemsShown } from './systems-shown.js';
import { layoutScatter } from '../figure/scatter-layout.js';
import { layoutFigure } from '../figure/layout.js';
import type { BarLayout } from '../figure/types.js';

/** The figures for the script of the page, as JSON that can be put into an element: `<` is written `\\u003c`. */
export function figureData(report: Report, shown: SystemsShown): string {
  const exhibits = report.publishedOnly ? [] : report.exhibits;
  const figures = exhibits.filter((exhibit): exhibit is FigureExhibit => exhibit.kind === 'figure');
  const scatters = exhibits.filter((exhibit): exhibit is ScatterExhibit => exhibit.kind === 'scatter');
  const data = figures.map((exhibit) => {
    const layout = layoutFigure(exhibit.figure);
    return {
      id: exhibit.id,
      named: exhibit.figure.bars === 'systems',
      boxes: exhibit.figure.series.map(({ label }) => shown.boxOf(label)),
      layout: cleaned(layout),
      details: layout.panels.map((panel, index) => panel.bars.map((bar) => barDetails(exhibit, report, index, bar))),
    };
  });
  const points = scatters.flatMap(({ id, scatter }) => {
    const layout = layoutScatter(scatter);
    return layout.points.length === 0
      ? []
      : [{ id, named: true, boxes: boxesOf(layout, shown), layout: cleaned(layout), details: [] }];
  });
  return JSON.stringify([...data, ...points]).replaceAll('<', '\\u003c');
}

/** The boxes of the systems of a figure of points, by series. */
function boxesOf({ points }: ScatterLayout, shown: SystemsShown): string[] {
  const measured = points.flatMap(({ series, label }) =>
    series === null ? [] : [{ series, box: shown.boxOf(label.text) }],
  );
  return measured.sort((a, b) => a.series - b.series).map(({ box }) => box);
}

/** Without control characters in its texts. */
function cleaned(layout: object): unknown {
  return JSON.parse(JSON.stringify(layout), (_, value: unknown) =>
    typeof value === 'string' ? plainLine(value) : value,
  ) as unknown;
}

/** How many trials are behind a bar, and the file and line of its first value. */
function barDetails(exhibit: FigureExhibit, report: Report, index: number, bar: BarLayout): readonly string[] {
  const cell = cellOf(exhibit, report, index, bar);
  if (cell === undefined) return [];
  const [first] = cell.samples;
  const trial = first === undefined ? undefined : report.trials[first[1]];
  const file = first === undefined ? undefined : trial?.files[first[2]];
  const others = cell.samples.length - 1;
  return [
    ...(cell.n === null ? [] : [`n = ${cell.n}`]),
    ...(first === undefined || file === undefined || trial === undefined
      ? []
      : [`${trial.run}/${file.path}, line ${first[3]}${others > 0 ? `, and ${others} more` : ''}`]),
  ].map(plainLine);
}

/** The cell that a bar was drawn from: of its metric and system, with its value. */
function cellOf(
  { figure, rows }: FigureExhibit,
  report: Report,
  index: number,
  { group, series, value }: BarLayout,
): Cell | undefined {
  const bySystem = figure.bars === 'metrics';
  const system = bySystem ? figure.groups[group] : figure.series[series]?.label;
  // The rows of a further panel follow those of the first.
  const row: TableRow | undefined = bySystem ? rows[index] : rows[index * figure.groups.length + group];
  const keys = new Set(report.systems.filter(({ label }) => label === system).map(({ key }) => key));
  const cells = (row?.cells ?? []).flat().flatMap((at) => report.cells[at] ?? []);
  const shows = ({ center, relative }: Cell): boolean =>
    [center, relative, relative === null ? null : 100 * (1 - relative)].includes(value);
  return cells.find((cell) => keys.has(cell.system) && shows(cell));
}
