import type { Report, TableExhibit } from '../../model/document.js';
import { counted } from '../../narrative/format.js';
import { renderTable } from './terminal.js';

/** Rows of a suite or workload: fewer where there are many. */
const MAX_ROWS = 4;
const MAX_ROWS_OF_ALL = 16;

/**
 * What was measured, in a few lines for each suite and workload: their first rows with a value, without what others
 * published. The last line of a table counts the rows that were left out.
 */
export function renderBrief(report: Report, width: number): string {
  const tables = report.exhibits.filter((each): each is TableExhibit => each.kind === 'table' && each.role === 'suite');
  const rows = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_ROWS_OF_ALL / Math.max(1, tables.length))));
  return tables.map((table) => briefTable(table, report, width, rows)).join('\n');
}

function briefTable(table: TableExhibit, report: Report, width: number, rows: number): string {
  const own = table.columns.map((key) => {
    const origin = report.systems.find((system) => system.key === key)?.origin;
    return origin !== undefined && origin !== 'published';
  });
  const kept = <Of>(values: readonly Of[]): Of[] => values.filter((_, at) => own[at] === true);
  const filled = table.rows
    .map((row) => ({ ...row, part: null, published: [], cells: kept(row.cells) }))
    .filter(({ cells }) => cells.flat().some((at) => report.cells[at]?.state === 'value'));
  const shown: TableExhibit = {
    ...table,
    title: table.title.replace(/^The whole \w+: /, ''),
    columns: kept(table.columns),
    rows: filled.slice(0, rows),
    publishedColumns: [],
    notes: [],
  };
  if (filled.length === 0) return `${table.title}: no value\n`;
  const left = filled.length - shown.rows.length;
  return `${renderTable(shown, report, width)}\n${left === 0 ? '' : `and ${counted(left, 'more row')}\n`}`;
}
