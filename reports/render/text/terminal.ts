import { groupLine } from '../../narrative/groups.js';
import { describeExhibitNote } from '../../narrative/notes.js';
import type { Exhibit, FigureExhibit, Report, TableExhibit, TableRow } from '../../model/document.js';
import type { NoiseFloor } from '../../model/noise.js';
import type { Cell, System } from '../../model/types.js';
import type { Exporter, ExportOptions } from '../exporter.js';
import { lossText } from '../view/figure.js';
import { align, blocksOf, wrap, type Column } from './columns.js';
import { NOISE_HEADINGS, noiseLines } from '../view/noise.js';
import { scatterText } from './scatter.js';
import { paperText } from './paper.js';
import { markLines, meanMark, ratioMark } from '../view/precision.js';
import { labelsOf } from '../view/rows.js';
import {
  formatCenter,
  formatInterval,
  formatPoints,
  formatPointsInterval,
  formatPublished,
  formatRatio,
  formatRatioInterval,
  plainLine,
  rowScale,
  type Scale,
} from '../../narrative/format.js';

export const terminal: Exporter<'text'> = {
  id: 'text',
  mediaType: 'text/plain',
  extension: 'txt',
  output: 'stdout',
  render: renderTerminal,
};

/** The exhibits as plain aligned text, with the values of the paper: no colours, no control characters. */
export function renderTerminal(report: Report, options: Pick<ExportOptions, 'width'>): string {
  if (report.publishedOnly) return `${paperText(report, options.width)}\n`;
  const banner = report.emulated.banner === null ? [] : [wrap(report.emulated.banner, options.width).join('\n')];
  const partial = report.partial === null ? [] : [wrap(`Partial. ${report.partial}`, options.width).join('\n')];
  const fair = report.differences === null ? [] : [wrap(report.differences.statement, options.width).join('\n')];
  const precision = report.precision.statement;
  const precise = precision === null ? [] : [wrap(precision, options.width).join('\n')];
  const tables = shownTables(report);
  const blocks = tables.map((table) =>
    table.kind === 'scatter' ? scatterText(table, options.width) : renderTable(table, report, options.width),
  );
  const notes = [
    ...wrap(report.provenance.statistics.method.statement, options.width),
    ...(report.order === null ? [] : wrap(report.order.statement, options.width)),
    ...wrap(report.comparable.why, options.width),
    ...(report.floors === null ? [] : wrap(report.floors.statement, options.width)),
    ...report.headlines.slice(tables.length === 0 ? 0 : -1).flatMap((line) => wrap(line, options.width)),
  ];
  const noise = report.noise.map((floor) => renderNoise(floor, options.width));
  const paper = report.claims.length === 0 ? [] : [paperText(report, options.width)];
  return (
    [...partial, ...banner, ...fair, ...precise, ...blocks, ...noise, ...paper, notes.join('\n'), '']
      .join('\n\n')
      .trimEnd() + '\n'
  );
}

/** The exhibits, and whole suites and workloads of which no exhibit shows anything. */
function shownTables({ exhibits }: Report): readonly Exhibit[] {
  const shown = new Set(
    exhibits.flatMap(({ role, suites, workloads }) => (role === 'exhibit' ? [...suites, ...workloads] : [])),
  );
  return exhibits.filter(
    ({ role, suites, workloads }) => role === 'exhibit' || ![...suites, ...workloads].some((id) => shown.has(id)),
  );
}

/** The noise floor of a target as aligned text, wide tables cut into blocks. */
export function renderNoise(floor: NoiseFloor, width: number): string {
  const lines = noiseLines(floor).map((line) => Object.values(line) as string[]);
  const [labels, ...columns] = NOISE_HEADINGS.map((heading, at): Column => ({
    head: ['', at === 0 ? '' : heading],
    cells: lines.map((line) => line[at] ?? ''),
  }));
  if (labels === undefined) return '';
  const statement = wrap(`Noise floor of ${floor.label}. ${floor.statement}`, width).join('\n');
  return [statement, ...blocksOf(labels, columns, width).map((block) => align([labels, ...block]))].join('\n\n');
}

/** One exhibit as aligned text; a wide one is cut into blocks. */
export function renderTable(table: TableExhibit | FigureExhibit, report: Report, width: number): string {
  const systems = table.columns.flatMap((key) => report.systems.find((system) => system.key === key) ?? []);
  const scales = table.rows.map((row) => {
    const cells = row.cells.flat().flatMap((at) => report.cells[at] ?? []);
    return rowScale(
      row.unit,
      cells,
      row.published.map((published) => published.value),
    );
  });
  const labels: Column = {
    head: ['', ''],
    cells: labelsOf(table.rows).map((label, index) => plainLine(`${label} ${scales[index]?.label ?? ''}`.trim())),
  };
  // The publication that the table is of has the last columns; systems of others, whose host is their publication, are shown.
  const isShown = ({ origin, host }: System): boolean =>
    origin !== 'published' ||
    (table.kind === 'table' && (table.publishedColumns.length === 0 || host !== table.reference));
  const own = systems.map((system, at) => ({ system, at })).filter(({ system }) => isShown(system));
  const cellOf = (row: TableRow, column: number): Cell | undefined => report.cells[row.cells[column]?.[0] ?? -1];
  const columns = [
    ...own.flatMap(({ system, at }) =>
      systemColumns(
        system,
        table.rows.map((row) => cellOf(row, at)),
        scales,
        secondColumn(table, system),
      ),
    ),
    ...(table.kind === 'figure' ? [] : table.publishedColumns).flatMap((name, at) =>
      table.rows.every(({ published }) => (published[at]?.value ?? null) === null)
        ? []
        : [publishedColumn(name, at, table.rows, scales)],
    ),
  ];
  const body = blocksOf(labels, columns, width).map((block) => align([labels, ...block]));
  const groups = table.groups.map((group) => groupLine(group, report.systems));
  const below = [...groups, ...markLines(table, report), ...statedLines(table), ...sourceLines(table)].flatMap((line) =>
    wrap(plainLine(line), width),
  );
  const parts = [wrap(table.title, width).join('\n'), ...(columns.length === 0 ? [] : body), below.join('\n')];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What the paper states of the bars of a figure, one line a metric. */
function statedLines(table: TableExhibit | FigureExhibit): string[] {
  if (table.kind === 'table') return [];
  return table.rows.flatMap(({ metric, label }) => {
    const stated = table.published.filter((mark) => mark.metric === metric);
    const parts = stated.map(({ column, text }) => `${column} ${text}`);
    return parts.length === 0 ? [] : [`${label}, by the paper: ${parts.join('; ')}.`];
  });
}

/** Where publications differ, and how runs ended by their precision. */
function sourceLines({ notes }: Exhibit): string[] {
  return notes.flatMap((note) => {
    const isShown = note.kind === 'cells' ? note.note.kind === 'adaptive stopping' : note.kind === 'sources differ';
    return isShown ? [`${describeExhibitNote(note)}.`] : [];
  });
}

/** Mean and ratio of a system; figures show performance relative to the baseline instead of the ratio. */
function systemColumns(
  system: System,
  cells: readonly (Cell | undefined)[],
  scales: readonly Scale[],
  second: keyof typeof SECOND_COLUMNS | undefined,
): Column[] {
  const label = plainLine(system.label);
  const written = (write: (cell: Cell, scale: Scale) => string, markOf: (cell: Cell) => string): string[] => {
    const marks = cells.map((cell) => (cell === undefined ? '' : markOf(cell)));
    const room = Math.max(...marks.map((mark) => mark.length));
    return cells.map((cell, index) => {
      const scale = scales[index];
      const text = cell === undefined || scale === undefined ? '' : write(cell, scale);
      // Numbers of a column line up beside those with a mark.
      return room === 0 ? text : `${text} ${(marks[index] ?? '').padEnd(room)}`;
    });
  };
  const value: Column = { head: [label, 'mean [95 %]'], cells: written(withInterval, meanMark) };
  if (second === undefined) return [value];
  const { head, write } = SECOND_COLUMNS[second];
  return [value, { head: [label, head], cells: written(write, second === 'request' ? () => '' : ratioMark) }];
}

/** The kind of column next to the mean; undefined where it would be 1 in every row. */
function secondColumn(table: TableExhibit | FigureExhibit, system: System): keyof typeof SECOND_COLUMNS | undefined {
  if (table.quantity === 'request' || table.quantity === 'loss') return table.quantity;
  const isBar = table.kind === 'figure' && table.figure.series.some(({ label }) => label === system.label);
  if (system.baseline && !isBar) return undefined;
  return table.kind === 'table' || table.quantity === 'value' ? 'ratio' : 'relative';
}

const SECOND_COLUMNS = {
  ratio: { head: 'ratio [95 %]', write: withRatioInterval },
  relative: { head: 'relative [95 %]', write: (cell: Cell): string => withRatioInterval(asRelative(cell)) },
  loss: { head: 'lost % [95 %]', write: withLossInterval },
  request: { head: 'points off [95 %]', write: withOffInterval },
} as const;

/** Loss in percent. */
function withLossInterval(cell: Cell): string {
  const { relative, relativeInterval } = lossText(cell);
  if (relative === '') return '-';
  return relativeInterval === '' ? relative : `${relative} [${relativeInterval.replaceAll(' ', '')}]`;
}

/** Points off the request; `!` marks a share that was not achieved. */
function withOffInterval({ request }: Cell): string {
  if (request === null) return '-';
  const { deviation, low, high, beyond } = request;
  const interval = low === null || high === null ? '' : ` [${formatPointsInterval(low, high).replaceAll(' ', '')}]`;
  return `${formatPoints(deviation)}${beyond ? ' !' : ''}${interval}`;
}

function asRelative(cell: Cell): Pick<Cell, 'ratio' | 'ratioLow' | 'ratioHigh'> {
  return { ratio: cell.relative, ratioLow: cell.relativeLow, ratioHigh: cell.relativeHigh };
}

function withInterval(cell: Cell, scale: Scale): string {
  if (cell.center === null) return cell.state;
  const center = formatCenter(cell, cell.center, scale);
  if (cell.low === null || cell.high === null) return center;
  return `${center} [${formatInterval(cell.low, cell.high, scale).replaceAll(' ', '')}]`;
}

function withRatioInterval(cell: Pick<Cell, 'ratio' | 'ratioLow' | 'ratioHigh'>): string {
  if (cell.ratio === null) return '-';
  const ratio = formatRatio(cell.ratio);
  if (cell.ratioLow === null || cell.ratioHigh === null) return ratio;
  return `${ratio} [${formatRatioInterval(cell.ratioLow, cell.ratioHigh).replaceAll(' ', '')}]`;
}

function publishedColumn(name: string, at: number, rows: readonly TableRow[], scales: readonly Scale[]): Column {
  const cells = rows.map((row, index) => {
    const { value, ratio, request } = row.published[at] ?? { value: null, ratio: null, request: null };
    const scale = scales[index];
    if (value === null || scale === undefined) return '-';
    if (request !== null) {
      return `${formatPublished(value, scale)} (${formatPoints(request.deviation)}${request.beyond ? ' !' : ''})`;
    }
    return at === 0 || ratio === null
      ? formatPublished(value, scale)
      : `${formatPublished(value, scale)} (${formatRatio(ratio)})`;
  });
  return { head: ['paper', plainLine(name)], cells };
}
