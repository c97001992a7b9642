import type { Evidence, RowSpec, Publication } from '../analysis/cells.js';
import { benchmarkKey } from '../read/load.js';
import { isWorkload, type Measured } from '../model/measured.js';
import { references } from '../reference/index.js';
import { TABLE_2_METRICS } from '../reference/rows.js';
import { systemsMeasuredBy, fillRows, notesOf } from './rows.js';
import type { TableExhibit } from '../model/document.js';
import type { BuiltTable } from './tables.js';

/**
 * Every metric of a suite or workload that any trial was asked for, in its order, and the names of the others: what stands
 * below an exhibit that selects from it.
 */
export function buildSuiteTable(measured: Measured, evidence: Evidence): BuiltTable {
  const id = `suite-${measured.id}`;
  const systems = systemsMeasuredBy([measured.id], evidence);
  const asked = new Set(
    systems.flatMap((system) => [...(evidence.loaded.metrics.get(benchmarkKey(system.key, measured.id)) ?? [])]),
  );
  const [named, others] = partition(Object.keys(measured.metrics), (name) => asked.has(name));
  const places = named.map((name): RowSpec => {
    const publication = anyPublication(measured.id, name);
    return { exhibit: id, metric: `${measured.id}/${name}`, publication, judged: false };
  });
  const { rows, cells } = fillRows(places, systems, evidence, []);
  const exhibit: TableExhibit = {
    kind: 'table',
    id,
    role: 'suite',
    ...aboutOf(measured),
    reference: null,
    quantity: 'ratio',
    columns: systems.map((system) => system.key),
    publishedColumns: [],
    publishedConfigurations: [],
    rows,
    notMeasured: others.map((name) => `${measured.id}/${name}`),
    notes: notesOf(cells),
    plot: null,
  };
  return { exhibit, cells };
}

function aboutOf(measured: Measured): Pick<TableExhibit, 'title' | 'caption' | 'suites' | 'workloads'> {
  const { id, title } = measured;
  if (isWorkload(measured)) {
    return {
      ...{ title: `The whole workload: ${title}`, suites: [], workloads: [id] },
      caption: `Every metric of the workload, so that no selection misleads. ${measured.about}`,
    };
  }
  return {
    ...{ title: `The whole suite: ${title}`, suites: [id], workloads: [] },
    caption: `Every metric of the suite, so that no selection misleads. Caches: ${measured.caches}.`,
  };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function anyPublication(suite: string, metric: string): Publication | undefined {
  if (suite !== 'lmbench') return undefined;
  for (const reference of references) {
    const table = reference.table2;
    const row = table?.rows.find((candidate) => TABLE_2_METRICS[candidate.metric] === metric);
    if (table !== undefined && row !== undefined) return { reference, table, row: row.metric };
  }
  return undefined;
}
