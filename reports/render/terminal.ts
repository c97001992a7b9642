import type { Exhibit, Report, TableRow } from '../document.js';
import type { Cell, System } from '../types.js';
import {
  formatCenter,
  formatPublished,
  formatRatio,
  formatRatioInterval,
  formatValue,
  plainLine,
  rowScale,
  type Scale,
} from './format.js';

export interface TerminalOptions {
  /** Columns of the terminal; wider tables are cut into blocks of columns, each with the row labels. */
  readonly width: number;
}

interface Column {
  readonly head: readonly [string, string];
  readonly cells: readonly string[];
}

/** The exhibits as plain aligned text (no colours, no control characters), with the paper's values beside ours. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const tables = report.exhibits.filter((table) => table.role === 'exhibit');
  const blocks = tables.map((table) => renderTable(table, report, options.width));
  const notes = [
    ...wrap(report.comparable.why, options.width),
    ...report.headlines.slice(tables.length === 0 ? 0 : -1).flatMap((line) => wrap(line, options.width)),
  ];
  return [...blocks, notes.join('\n'), ''].join('\n\n').trimEnd() + '\n';
}

function renderTable(table: Exhibit, report: Report, width: number): string {
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
    cells: table.rows.map((row, index) => plainLine(`${row.label} ${scales[index]?.label ?? ''}`.trim())),
  };
  // Published systems stand at the end, as columns of the paper.
  const own = systems.map((system, at) => ({ system, at })).filter(({ system }) => system.origin !== 'published');
  const cellOf = (row: TableRow, column: number): Cell | undefined => report.cells[row.cells[column]?.[0] ?? -1];
  const columns = [
    ...own.flatMap(({ system, at }) =>
      systemColumns(
        system,
        table.rows.map((row) => cellOf(row, at)),
        scales,
        table.kind === 'figure' && table.quantity === 'relative',
      ),
    ),
    ...(table.kind === 'figure' ? [] : table.publishedColumns).map((name, at) =>
      publishedColumn(name, at, table.rows, scales),
    ),
  ];
  const body = blocksOf(labels, columns, width).map((block) => align([labels, ...block]));
  return [wrap(table.title, width).join('\n'), ...body].join('\n\n');
}

/** Mean and ratio of a system; figures show performance relative to the baseline in place of the ratio. */
function systemColumns(
  system: System,
  cells: readonly (Cell | undefined)[],
  scales: readonly Scale[],
  relative: boolean,
): Column[] {
  const label = plainLine(system.label);
  const of = (write: (cell: Cell, scale: Scale) => string): string[] =>
    cells.map((cell, index) => {
      const scale = scales[index];
      return cell === undefined || scale === undefined ? '' : write(cell, scale);
    });
  const value: Column = { head: [label, 'mean ±95 %'], cells: of(withHalfWidth) };
  if (system.baseline) return [value];
  const beside: Column = relative
    ? { head: [label, 'relative [95 %]'], cells: of((cell) => withRatioInterval(asRelative(cell))) }
    : { head: [label, 'ratio [95 %]'], cells: of(withRatioInterval) };
  return [value, beside];
}

function asRelative(cell: Cell): Pick<Cell, 'ratio' | 'ratioLow' | 'ratioHigh'> {
  return { ratio: cell.relative, ratioLow: cell.relativeLow, ratioHigh: cell.relativeHigh };
}

function withHalfWidth(cell: Cell, scale: Scale): string {
  if (cell.center === null) return cell.state;
  const center = formatCenter(cell, cell.center, scale);
  return cell.high === null ? center : `${center} ±${formatValue(cell.high - cell.center, scale)}`;
}

function withRatioInterval(cell: Pick<Cell, 'ratio' | 'ratioLow' | 'ratioHigh'>): string {
  if (cell.ratio === null) return '-';
  const ratio = formatRatio(cell.ratio);
  if (cell.ratioLow === null || cell.ratioHigh === null) return ratio;
  return `${ratio} [${formatRatioInterval(cell.ratioLow, cell.ratioHigh).replaceAll(' ', '')}]`;
}

function publishedColumn(name: string, at: number, rows: readonly TableRow[], scales: readonly Scale[]): Column {
  const cells = rows.map((row, index) => {
    const { value, ratio } = row.published[at] ?? { value: null, ratio: null };
    const scale = scales[index];
    if (value === null || scale === undefined) return '-';
    return at === 0 || ratio === null
      ? formatPublished(value, scale)
      : `${formatPublished(value, scale)} (${formatRatio(ratio)})`;
  });
  return { head: ['paper', plainLine(name)], cells };
}

/** Columns in as few blocks as fit the width; a column wider than that stands alone. */
function blocksOf(labels: Column, columns: readonly Column[], width: number): Column[][] {
  const room = width - widthOf(labels);
  const blocks: Column[][] = [];
  let used = Infinity;
  for (const column of columns) {
    const wide = widthOf(column) + GAP.length;
    const last = blocks.at(-1);
    if (last === undefined || used + wide > room) {
      blocks.push([column]);
      used = wide;
    } else {
      last.push(column);
      used += wide;
    }
  }
  return blocks;
}

const GAP = '  ';

/** Characters as a reader counts them. */
function lengthOf(text: string): number {
  return Array.from(new Intl.Segmenter().segment(text)).length;
}

function widthOf(column: Column): number {
  return Math.max(...[...column.head, ...column.cells].map((cell) => lengthOf(cell)));
}

function align(columns: readonly Column[]): string {
  const widths = columns.map(widthOf);
  const line = (pick: (column: Column) => string): string =>
    columns
      .map((column, index) => {
        const text = pick(column);
        const padding = ' '.repeat((widths[index] ?? 0) - lengthOf(text));
        return index === 0 ? text + padding : padding + text;
      })
      .join(GAP)
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, wide) => sum + wide, 0) + GAP.length * (columns.length - 1));
  const rows = columns[0]?.cells.map((_, index) => line((column) => column.cells[index] ?? '')) ?? [];
  return [line((column) => column.head[0]), line((column) => column.head[1]), rule, ...rows].join('\n');
}

/** Words in lines of at most `width` characters. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of plainLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
