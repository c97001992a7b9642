import { cellsAt, correct, splitMetric, type Evidence, type Place, type Publication } from './cells.js';
import { tableValue } from './reference/index.js';
import type { PublishedValue, TableRow } from './document.js';
import type { Cell, System } from './types.js';

/** The systems that have trials of any of the suites. */
export function concerned(suites: readonly string[], evidence: Evidence): readonly System[] {
  const keys = new Set(
    evidence.loaded.trials.filter((trial) => suites.includes(trial.suite)).map((trial) => trial.system),
  );
  return evidence.systems.filter((system) => keys.has(system.key));
}

/** Cells of every place and system, and rows that point at them. */
export function fillRows(
  places: readonly Place[],
  systems: readonly System[],
  evidence: Evidence,
  publishedColumns: readonly string[],
): { rows: TableRow[]; cells: Cell[] } {
  const cells: Cell[] = [];
  const rows = places.map((place): TableRow => {
    const [suiteId, name] = splitMetric(place.metric);
    const metric = evidence.suites.find((suite) => suite.id === suiteId)?.metrics[name];
    const at = systems.map((system) => {
      const own = cellsAt(place, system, evidence);
      const first = cells.length;
      cells.push(...own);
      return own.map((_, offset) => first + offset);
    });
    const published = publishedColumns.map((column) => publishedValue(place.publication, column));
    const label = place.publication?.row ?? metric?.label ?? name;
    return { metric: place.metric, label, unit: metric?.unit ?? 'us', cells: at, published };
  });
  return { rows, cells: correct(cells) };
}

function publishedValue(publication: Publication | undefined, column: string): PublishedValue {
  const table = publication?.reference.table2;
  if (publication === undefined || table === undefined) return { value: null, ratio: null };
  const value = tableValue(table, publication.row, column);
  const base = tableValue(table, publication.row, table.columns[0] ?? '');
  return { value, ratio: value !== null && base !== null ? value / base : null };
}

/** Remarks of cells, each once, with the metrics that it concerns. */
export function notesOf(cells: readonly Cell[]): string[] {
  const concerns = new Map<string, Set<string>>();
  for (const cell of cells) {
    for (const note of cell.notes) {
      const key = `${cell.target}: ${note}`;
      concerns.set(key, (concerns.get(key) ?? new Set()).add(cell.label));
    }
  }
  const metrics = new Set(cells.map((cell) => cell.label)).size;
  return [...concerns].map(([note, labels]) => {
    if (labels.size === metrics) return note;
    const named = [...labels];
    const shown = named.length > 4 ? `${named.slice(0, 3).join(', ')} and ${named.length - 3} more` : named.join(', ');
    return `${note} [${shown}]`;
  });
}
