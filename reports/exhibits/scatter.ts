import { blankCell } from '../analysis/blank-cell.js';
import type { Evidence } from '../analysis/cells.js';
import { publishedQuantity } from '../claims/paper.js';
import type { Check } from '../claims/check.js';
import { sourcesOf, type ScatterDefinition } from '../model/exhibit.js';
import type { ScatterExhibit, TableRow } from '../model/document.js';
import type { Coordinate, Scatter, ScatterPoint } from '../model/scatter.js';
import type { Cell, System } from '../model/types.js';
import { columnsOf, referenceById, rowOfMetric } from '../reference/index.js';
import type { Interval } from '../statistics/intervals.js';
import { baselineInWords, baselinesAmong } from '../narrative/baselines.js';
import { placeSystem } from './coordinates.js';
import { leftOutNotes, systemsMeasuredBy } from './rows.js';

const AXES = [
  { id: 'efficiency', label: 'Efficiency', of: 'y' },
  { id: 'isolation', label: 'Isolation', of: 'x' },
] as const;

/** A figure of points of the registry, filled with what was measured. Indices of its cells begin at 0. */
export function buildScatter(
  definition: ScatterDefinition,
  evidence: Evidence,
): { exhibit: ScatterExhibit; cells: readonly Cell[] } {
  const systems = systemsMeasuredBy(sourcesOf(definition), evidence).filter(({ origin }) => origin !== 'published');
  const points = systems.map((system) => placeSystem(definition, system, evidence));
  const cells: Cell[] = [];
  const rows = AXES.map(({ id, label, of }): TableRow => {
    const metric = `${definition.id}/${id}` as const;
    const at = systems.map((system, index) => {
      const coordinate = points[index]?.[of];
      if (coordinate === undefined) return [];
      return [cells.push(cellOf({ definition, metric, label, evidence }, system, coordinate)) - 1];
    });
    return { metric, label, unit: 'percent', part: null, cells: at, published: [] };
  });
  const exhibit: ScatterExhibit = {
    kind: 'scatter',
    id: definition.id,
    role: 'exhibit',
    title: definition.title,
    caption: definition.caption(systems),
    suites: definition.suites,
    workloads: definition.workloads,
    columns: systems.map(({ key }) => key),
    rows,
    notes: leftOutNotes(sourcesOf(definition), evidence),
    groups: [],
    reference: definition.reference,
    scatter: draw(definition, systems, [...points, ...publishedPoints(definition)]),
  };
  return { exhibit, cells };
}

function draw({ title }: ScatterDefinition, systems: readonly System[], points: readonly ScatterPoint[]): Scatter {
  const baseline = baselineInWords(systems, 'baseline');
  return {
    title,
    x: {
      title: 'Isolation',
      axis: 'Isolation: kept beside other guests, %, more is better',
      rule: { value: 100, label: 'nothing lost' },
    },
    y: {
      title: 'Efficiency',
      axis: `Efficiency: performance relative to ${baseline}, %, more is better`,
      rule: { value: 100, label: baselinesAmong(systems).length > 1 ? 'the baselines' : baseline },
    },
    points,
  };
}

interface CoordinateRow {
  readonly definition: ScatterDefinition;
  readonly metric: `${string}/${string}`;
  readonly label: string;
  readonly evidence: Evidence;
}

function cellOf({ definition, metric, label, evidence }: CoordinateRow, system: System, coordinate: Coordinate): Cell {
  const spec = { exhibit: definition.id, metric, publishedRow: undefined, label };
  const blank = blankCell(spec, system, { label, unit: 'percent', better: 'higher' }, definition.id, evidence.systems);
  if (coordinate.state !== 'value') {
    return {
      ...blank,
      verdict: 'not measured',
      why: coordinate.state === 'missing' ? `needs ${coordinate.missing.join('; ')}` : 'stated as a band',
    };
  }
  const { value: center, low, high } = coordinate;
  return { ...blank, state: 'value', center, low, high, verdict: 'not judged', why: 'computed from other exhibits' };
}

/** The systems of the publication, as far as its tables and text state what their coordinates are made of. */
function publishedPoints(definition: ScatterDefinition): ScatterPoint[] {
  const reference = referenceById(definition.reference);
  const [baseline = ''] = reference.configurations ?? [];
  const rowOf = (metric: string): string => rowOfMetric(reference, metric)?.row.label ?? metric;
  return columnsOf(reference).flatMap((column): ScatterPoint[] => {
    const range = (part: Omit<Extract<Check, { kind?: 'single' }>, 'band' | 'column'>): Interval | null =>
      publishedQuantity({ ...part, column, band: { low: 0, high: 0 } }, []);
    const gains = definition.efficiency.map(({ metric, label }) => ({
      label,
      range: range({ metric, row: rowOf(metric), quantity: { kind: 'relative', to: baseline } }),
    }));
    const lost = definition.losses.map(({ metric, label, divisor }) => ({
      label,
      range: range({
        metric,
        row: rowOf(metric),
        quantity: { kind: 'loss', to: column, other: { row: rowOf(metric), metric: divisor?.metric ?? metric } },
      }),
    }));
    const shares = definition.shares.map(({ metric, label }) => ({
      label,
      range: offRequest(definition, metric, column),
    }));
    const y = published(
      gains,
      (ends) => 100 * Math.exp(ends.reduce((sum, end) => sum + Math.log(end), 0) / ends.length),
    );
    const x = published([...lost, ...shares], (ends) => 100 - Math.max(...ends));
    if (x.state === 'missing' && y.state === 'missing') return [];
    return [{ label: column, system: null, x, y, inputs: [] }];
  });
}

/** How far a printed share is off its request, in percent of it. */
function offRequest({ reference }: ScatterDefinition, metric: string, column: string): Interval | null {
  const found = rowOfMetric(referenceById(reference), metric);
  const at = found?.table.configurations.indexOf(column) ?? -1;
  const value = found?.row.values[at] ?? null;
  const requested = found?.table.target?.[at];
  if (value === null || requested === undefined) return null;
  const off = 100 * Math.abs(value / requested - 1);
  return { low: off, high: off };
}

function published(
  parts: readonly { readonly label: string; readonly range: Interval | null }[],
  combine: (ends: readonly number[]) => number,
): Coordinate {
  const known = parts.flatMap(({ range }) => (isFinite(range) ? [range] : []));
  if (known.length < parts.length) {
    return { state: 'missing', missing: parts.flatMap(({ label, range }) => (isFinite(range) ? [] : [label])) };
  }
  const ends = [combine(known.map(({ low }) => low)), combine(known.map(({ high }) => high))].sort((a, b) => a - b);
  const [low = 0, high = 0] = ends;
  return low === high ? { state: 'value', value: low, low: null, high: null } : { state: 'band', low, high };
}

function isFinite(range: Interval | null): range is Interval {
  return range !== null && Number.isFinite(range.low) && Number.isFinite(range.high);
}
