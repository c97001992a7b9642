import type { TargetId } from '../../harness/types.js';
import { cellsAt, type Evidence, type RowSpec } from '../analysis/cells.js';
import { summarizeGroups } from '../analysis/groups.js';
import { correct, multiplicityNotes, type JudgedCell } from '../analysis/multiplicity.js';
import { metricOf, splitMetric } from '../model/measured.js';
import { publishedShare, tableValue } from '../reference/index.js';
import type { GroupSummary } from '../model/groups.js';
import type { PublishedValue, TableRow } from '../model/document.js';
import type { ExhibitNote, Note } from '../model/note.js';
import type { Cell, System } from '../model/types.js';

/** The systems with trials of any of these suites or workloads, without the hidden ones. */
export function systemsMeasuredBy(sources: readonly string[], evidence: Evidence): readonly System[] {
  const keys = new Set(
    evidence.loaded.trials.filter((trial) => sources.includes(trial.benchmark)).map((trial) => trial.system),
  );
  return evidence.systems.filter((system) => keys.has(system.key) && !evidence.hidden.has(system.key));
}

/** A note that lists the hidden systems with trials of these suites or workloads; empty when there are none. */
export function leftOutNotes(sources: readonly string[], evidence: Evidence): ExhibitNote[] {
  const keys = new Set(
    evidence.loaded.trials.filter((trial) => sources.includes(trial.benchmark)).map((trial) => trial.system),
  );
  const hidden = evidence.systems.filter((system) => keys.has(system.key) && evidence.hidden.has(system.key));
  if (hidden.length === 0) return [];
  return [{ kind: 'left out', systems: hidden.map((system) => system.label) }];
}

/** What checks of these systems' trials found that readers need, each once. */
export function statedNotes(
  sources: readonly string[],
  systems: readonly System[],
  { loaded }: Pick<Evidence, 'loaded'>,
): ExhibitNote[] {
  const keys = new Set(systems.map(({ key }) => key));
  const own = loaded.trials.filter(({ benchmark, system }) => sources.includes(benchmark) && keys.has(system));
  const notes = own.flatMap(({ target, stated }) =>
    stated.map(({ check, found }): ExhibitNote => ({ kind: 'stated', target, check, found })),
  );
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()];
}

/** The cells of every row and system, and rows that point at them by index. */
export function fillRows(
  specs: readonly RowSpec[],
  systems: readonly System[],
  evidence: Evidence,
  publishedColumns: readonly string[],
): { rows: TableRow[]; cells: Cell[]; groups: readonly GroupSummary[] } {
  const cells: JudgedCell[] = [];
  const rows = specs.map((spec): TableRow => {
    const [, name] = splitMetric(spec.metric);
    const metric = metricOf(spec.metric, evidence.measured);
    const at = systems.map((system) => {
      const own = cellsAt(spec, system, evidence);
      const first = cells.length;
      cells.push(...own);
      return own.map((_, offset) => first + offset);
    });
    const published = publishedColumns.map((column) => publishedValue(spec, column));
    const label = spec.label ?? spec.publishedRow?.row ?? metric?.label ?? name;
    return { metric: spec.metric, label, unit: metric?.unit ?? 'us', part: null, cells: at, published };
  });
  return { rows, cells: correct(cells), groups: summarizeGroups(cells, systems, evidence.loaded) };
}

function publishedValue({ publishedRow, request }: RowSpec, column: string): PublishedValue {
  if (publishedRow === undefined) return { value: null, ratio: null, request: null };
  const { table, row } = publishedRow;
  const value = tableValue(table, row, column);
  if (request !== undefined) {
    return { value, ratio: null, request: publishedShare(table, row, column, request.within) };
  }
  const base = tableValue(table, row, table.columns[0] ?? '');
  return { value, ratio: value !== null && base !== null ? value / base : null, request: null };
}

/** The notes of cells, each once for a target, with the rows that it applies to. */
export function notesOf(cells: readonly Cell[]): ExhibitNote[] {
  const found = new Map<string, { readonly target: TargetId; readonly note: Note; readonly labels: Set<string> }>();
  for (const { target, notes, label } of cells) {
    // What is imprecise is marked at each number.
    for (const note of notes.filter(({ kind }) => kind !== 'imprecise' && kind !== 'imprecise ratio')) {
      const key = JSON.stringify([target, note]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { target, note, labels: new Set([label]) });
      else known.labels.add(label);
    }
  }
  const rows = new Set(cells.map((cell) => cell.label)).size;
  const ofCells = [...found.values()].map(({ target, note, labels }): ExhibitNote => ({
    kind: 'cells',
    target,
    note,
    metrics: labels.size === rows ? null : [...labels],
  }));
  return [...multiplicityNotes(cells), ...ofCells, ...bootVarianceNotes(cells)];
}

/** The share of boots in the variance of each target, over its cells. */
function bootVarianceNotes(cells: readonly Cell[]): ExhibitNote[] {
  return [...new Set(cells.map(({ target }) => target))].flatMap((target): ExhibitNote[] => {
    const own = cells.flatMap((cell) => (cell.target === target ? (cell.levels?.variance ?? []) : []));
    if (own.length === 0) return [];
    const shares = own.map(({ boot }) => boot);
    const clipped = own.filter((one) => one.clipped).length;
    return [
      {
        kind: 'boot variance',
        target,
        low: Math.min(...shares),
        high: Math.max(...shares),
        cells: own.length,
        clipped,
      },
    ];
  });
}
