import type { Evidence, RowSpec } from '../analysis/cells.js';
import type { PublishedRow } from '../analysis/published-fields.js';
import { benchmarkKey } from '../read/load.js';
import { sentence } from '../narrative/format.js';
import { isBenchmark, isSuite, isWorkload, type Measured } from '../model/measured.js';
import { references, rowOfMetric } from '../reference/index.js';
import { systemsMeasuredBy, fillRows, notesOf, statedNotes } from './rows.js';
import type { TableExhibit } from '../model/document.js';
import type { BuiltTable } from './tables.js';

/**
 * The table of a whole suite or workload, shown below the exhibits that select from it: every metric that some trial
 * promised, in the order of the suite, and the names of the others.
 */
export function buildSuiteTable(measured: Measured, evidence: Evidence): BuiltTable {
  const id = `suite-${measured.id}`;
  const systems = systemsMeasuredBy([measured.id], evidence);
  const promised = new Set(
    systems.flatMap((system) => [...(evidence.loaded.metrics.get(benchmarkKey(system.key, measured.id)) ?? [])]),
  );
  const [named, others] = partition(Object.keys(measured.metrics), (name) => promised.has(name));
  const specs = named.map((name): RowSpec => {
    const publishedRow = publishedRowOf(`${measured.id}/${name}`);
    return { exhibit: id, metric: `${measured.id}/${name}`, publishedRow, judged: false };
  });
  const { rows, cells } = fillRows(specs, systems, evidence, []);
  const exhibit: TableExhibit = {
    kind: 'table',
    id,
    // A published table that no suite measures has no exhibit above it.
    role: isBenchmark(measured) ? 'suite' : 'exhibit',
    ...aboutOf(measured),
    reference: null,
    quantity: 'ratio',
    columns: systems.map((system) => system.key),
    publishedColumns: [],
    publishedConfigurations: [],
    rows,
    notMeasured: others.map((name) => `${measured.id}/${name}`),
    notes: [...notesOf(cells), ...statedNotes([measured.id], systems, evidence)],
    groups: [],
    plot: null,
  };
  return { exhibit, cells };
}

function aboutOf(measured: Measured): Pick<TableExhibit, 'title' | 'caption' | 'suites' | 'workloads'> {
  const { id, title } = measured;
  if (isWorkload(measured)) {
    return {
      ...{ title: `The whole workload: ${title}`, suites: [], workloads: [id] },
      caption: `Every metric of the workload. ${measured.about}`,
    };
  }
  if (!isSuite(measured)) return { title, caption: measured.about, suites: [id], workloads: [] };
  return {
    ...{ title: `The whole suite: ${title}`, suites: [id], workloads: [] },
    caption: `Every metric of the suite. Caches: ${sentence(measured.caches)}`,
  };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

/** The first publication that has values of a metric. Of a requested share only an exhibit has the request. */
function publishedRowOf(metric: string): PublishedRow | undefined {
  for (const reference of references) {
    const found = rowOfMetric(reference, metric);
    if (found !== undefined && found.table.target === undefined) {
      return { reference, table: found.table, row: found.row.label };
    }
  }
  return undefined;
}
