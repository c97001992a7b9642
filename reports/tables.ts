import type { Suite } from '../harness/types.js';
import type { Evidence, Place, Publication } from './cells.js';
import type { TableDefinition } from './exhibits/definition.js';
import type { DotPlot, PlotMark } from './exhibits/plot.js';
import { asker } from './load.js';
import { referenceById, references } from './reference/index.js';
import { TABLE_2_METRICS } from './reference/rows.js';
import { concerned, fillRows, notesOf } from './rows.js';
import type { TableExhibit, TableRow } from './document.js';
import type { Cell, System } from './types.js';

/** A table with its own cells, whose indices begin at 0. */
export interface BuiltTable {
  readonly exhibit: TableExhibit;
  readonly cells: readonly Cell[];
}

/** An exhibit of the registry, filled with what was measured. */
export function buildTable(definition: TableDefinition, evidence: Evidence): BuiltTable {
  const reference = referenceById(definition.reference);
  const systems = concerned(definition.suites, evidence);
  const places = definition.rows.map((row): Place => {
    const publication = row.published === undefined ? undefined : { reference, row: row.published };
    return { exhibit: definition.id, metric: row.metric, publication, judged: true };
  });
  const { rows, cells } = fillRows(places, systems, evidence, reference.table2?.columns ?? []);
  const publishedColumns = reference.table2?.columns ?? [];
  const exhibit: TableExhibit = {
    kind: 'table',
    id: definition.id,
    role: 'exhibit',
    title: definition.title,
    caption: definition.caption(systems),
    suites: definition.suites,
    reference: reference.id,
    columns: systems.map((system) => system.key),
    publishedColumns,
    rows,
    notMeasured: [],
    notes: notesOf(cells),
    plot: plotRatios(definition.title, rows, cells, systems, publishedColumns),
  };
  return { exhibit, cells };
}

/** Every metric of a suite that any trial was asked for, in the suite's order, and the names of the others: what stands below
 * an exhibit that selects from it. */
export function buildSuiteTable(suite: Suite, evidence: Evidence): BuiltTable {
  const id = `suite-${suite.id}`;
  const systems = concerned([suite.id], evidence);
  const asked = new Set(
    systems.flatMap((system) => [...(evidence.loaded.asked.get(asker(system.key, suite.id)) ?? [])]),
  );
  const [named, others] = partition(Object.keys(suite.metrics), (name) => asked.has(name));
  const places = named.map((name): Place => {
    return { exhibit: id, metric: `${suite.id}/${name}`, publication: anyPublication(suite.id, name), judged: false };
  });
  const { rows, cells } = fillRows(places, systems, evidence, []);
  const exhibit: TableExhibit = {
    kind: 'table',
    id,
    role: 'suite',
    title: `The whole suite: ${suite.title}`,
    caption: `Every metric of the suite, so that no selection misleads. Caches: ${suite.caches}.`,
    suites: [suite.id],
    reference: null,
    columns: systems.map((system) => system.key),
    publishedColumns: [],
    rows,
    notMeasured: others.map((name) => `${suite.id}/${name}`),
    notes: notesOf(cells),
    plot: null,
  };
  return { exhibit, cells };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function anyPublication(suite: string, metric: string): Publication | undefined {
  if (suite !== 'lmbench') return undefined;
  for (const reference of references) {
    const row = reference.table2?.rows.find((candidate) => TABLE_2_METRICS[candidate.metric] === metric);
    if (row !== undefined) return { reference, row: row.metric };
  }
  return undefined;
}

/** Ratios as dots with intervals, the published ratios as hollow marks. The baseline is the line at 1; published systems have the hollow marks already. */
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
    axis: 'Time relative to the baseline (logarithmic, lower is better)',
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
  if (cell === undefined || cell.state === 'value') return { state: 'missing', why: 'no ratio' };
  return { state: cell.state, why: cell.why ?? '' };
}
