import type { Evidence, RowSpec } from '../analysis/cells.js';
import { sourcesOf, type TableDefinition } from '../model/exhibit.js';
import type { DotPlot, PlotMark } from '../model/plot.js';
import type { ExhibitNote } from '../model/note.js';
import { ratioAxis } from '../narrative/headline-ratios.js';
import { referenceById, tableOf } from '../reference/index.js';
import { otherSources } from '../reference/other-sources.js';
import { systemsMeasuredBy, fillRows, leftOutNotes, notesOf, statedNotes } from './rows.js';
import type { TableExhibit, TableRow } from '../model/document.js';
import type { Cell, System } from '../model/types.js';

/** A table with its own cells, whose indices begin at 0. */
export interface BuiltTable {
  readonly exhibit: TableExhibit;
  readonly cells: readonly Cell[];
}

/** An exhibit of the registry, filled with what was measured. */
export function buildTable(definition: TableDefinition, evidence: Evidence): BuiltTable {
  const reference = referenceById(definition.reference);
  const table = tableOf(reference, definition.table);
  const systems = systemsMeasuredBy(sourcesOf(definition), evidence);
  const specs = definition.rows.map((row): RowSpec => {
    const publishedRow = row.published === undefined ? undefined : { reference, table, row: row.published };
    const { metric, label, request } = row;
    return { exhibit: definition.id, metric, publishedRow, label, request, judged: true };
  });
  const publishedColumns = table.columns;
  const filled = fillRows(specs, systems, evidence, publishedColumns);
  const { cells } = filled;
  const rows = filled.rows.map((row, index) => ({ ...row, part: definition.rows[index]?.part ?? null }));
  const exhibit: TableExhibit = {
    kind: 'table',
    id: definition.id,
    role: 'exhibit',
    title: definition.title,
    caption: definition.caption(systems),
    suites: definition.suites,
    workloads: definition.workloads,
    reference: reference.id,
    quantity: definition.quantity,
    columns: systems.map((system) => system.key),
    publishedColumns,
    publishedConfigurations: table.configurations,
    rows,
    notMeasured: [],
    notes: [
      ...sourceNotes(reference.id, rows, publishedColumns),
      ...notesOf(cells),
      ...statedNotes(sourcesOf(definition), systems, evidence),
      ...leftOutNotes(sourcesOf(definition), evidence),
    ],
    groups: definition.quantity === 'ratio' ? filled.groups : [],
    plot: definition.quantity === 'ratio' ? plotRatios(definition.title, rows, cells, systems, publishedColumns) : null,
  };
  return { exhibit, cells };
}

/** Where another publication has other values, a note for each row and publication. */
function sourceNotes(reference: string, rows: readonly TableRow[], columns: readonly string[]): ExhibitNote[] {
  return rows.flatMap(({ metric, label, unit, published }) => {
    const all = otherSources(reference, metric).flatMap((other) => {
      const compared = published[columns.indexOf(other.column)]?.value ?? null;
      return compared === null ? [] : [{ ...other, compared }];
    });
    return [...new Set(all.map((one) => one.reference))].map((source): ExhibitNote => {
      const values = all.filter((one) => one.reference === source);
      return { kind: 'sources differ', label, unit, reference, values };
    });
  });
}

/** Measured ratios as dots with intervals, published ratios as hollow marks. The baseline is the line at 1. */
function plotRatios(
  title: string,
  rows: readonly TableRow[],
  cells: readonly Cell[],
  systems: readonly System[],
  publishedColumns: readonly string[],
): DotPlot | null {
  const shown = systems
    .map((system, column) => ({ system, column }))
    .filter(({ system }) => !system.baseline && system.origin !== 'published');
  const columns = publishedColumns.map((column, at) => ({ column, at })).slice(1);
  if (shown.length === 0) return null;
  return {
    title: `${title}: ratio to the baseline`,
    axis: ratioAxis(cells),
    reference: 1,
    referenceLabel: 'baseline',
    series: [
      ...shown.map(({ system }) => ({ label: system.label, published: false })),
      ...columns.map(({ column }) => ({ label: `${column}, published`, published: true })),
    ],
    rows: rows.map((row) => ({
      label: row.label,
      marks: [
        ...shown.map(({ column }) => markOf((row.cells[column] ?? []).flatMap((at) => cells[at] ?? []))),
        ...columns.map(({ at }): PlotMark => {
          const ratio = row.published[at]?.ratio ?? null;
          return ratio === null
            ? { state: 'missing', why: 'not published' }
            : { state: 'value', value: ratio, low: null, high: null };
        }),
      ],
    })),
  };
}

function markOf(cells: readonly Cell[]): PlotMark {
  const cell = cells.find((candidate) => candidate.ratio !== null) ?? cells[0];
  if (cell?.ratio !== null && cell?.ratio !== undefined) {
    return { state: 'value', value: cell.ratio, low: cell.ratioLow, high: cell.ratioHigh };
  }
  if (cell === undefined || cell.state === 'value' || cell.state === 'stated')
    return { state: 'missing', why: 'no ratio' };
  return { state: cell.state, why: cell.why ?? '' };
}
