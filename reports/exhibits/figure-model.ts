import type { FigureDefinition } from '../model/exhibit.js';
import type { Figure, FigureGroup, FigureMark, FigurePanel, FigurePublished } from '../model/figure.js';
import type { LineRate } from '../analysis/line-rate.js';
import { splitMetric } from '../model/measured.js';
import { baselineOf, baselinesAmong } from '../narrative/baselines.js';
import { whyNoRatio } from '../narrative/notes.js';
import type { PublishedMark } from '../reference/marks.js';
import type { TableRow } from '../model/document.js';
import type { Cell, System } from '../model/types.js';

/** Everything that a figure is drawn from. */
export interface Material {
  readonly definition: FigureDefinition;
  readonly systems: readonly System[];
  readonly rows: readonly TableRow[];
  readonly cells: readonly Cell[];
  readonly published: readonly PublishedMark[];
  /** Label of the system that performance is relative to. */
  readonly baseline: string;
}

/** What the paper states of a bar, without the metric. */
export function statement({ column, kind, low, high, text, claim }: Omit<PublishedMark, 'metric'>): FigurePublished {
  return { column, kind, low, high, text, claim };
}

/** Figures 6 and 7: a group a metric, a bar a system. */
export function drawBenchmarks(material: Material): Figure {
  const { definition, systems, rows, cells, published, baseline } = material;
  const unity = definition.unity?.(baseline) ?? baseline;
  const bars = rows.slice(0, definition.bars.length);
  // Where every bar of the baseline would be 1, it is the line at 1.
  const isLine = definition.bars.every(({ divisor }) => divisor === undefined);
  const shown = systems
    .map((system, column) => ({ system, column }))
    .filter(({ system }) => system.origin !== 'published' && (!isLine || !system.baseline));
  const main: FigurePanel = {
    title: 'Relative performance',
    axis: `${definition.sidePanels === undefined ? 'Performance relative' : 'Relative'} to ${unity}, higher is better`,
    unit: null,
    rules: [{ value: 1, label: unity }],
    groups: bars.map((row): FigureGroup => ({
      marks: shown.map(({ column }, series) => markOf(cellsOf(row, column, cells), series, relativeOf)),
      published: published.filter((mark) => mark.metric === row.metric).map(statement),
    })),
  };
  return {
    title: `${definition.title}, relative to ${unity}`,
    bars: 'systems',
    series: shown.map(({ system }) => ({ label: system.label, ...relativeTo(system, systems) })),
    groups: bars.map((row) => row.label),
    panels: [main, ...sidePanels(material, shown)],
  };
}

/** In a figure of several baselines each bar names its own. */
function relativeTo(system: System, systems: readonly System[]): { readonly relativeTo?: string } {
  const baseline = baselineOf(system, systems);
  return baseline === undefined || baselinesAmong(systems).length < 2 ? {} : { relativeTo: baseline };
}

type Shown = readonly { readonly column: number }[];

/** The further panels: the same groups and bars, another metric each, as measured. */
function sidePanels({ definition, rows, cells }: Material, shown: Shown): FigurePanel[] {
  const { sidePanels: panels = [] } = definition;
  return panels.map(({ title, axis, metrics }) => {
    const own = metrics.flatMap((metric) => rows.find((row) => row.metric === metric) ?? []);
    const groups = own.map((row): FigureGroup => ({
      marks: shown.map(({ column }, series) => markOf(cellsOf(row, column, cells), series, meanOf)),
      published: [],
    }));
    return { title, axis, unit: own[0]?.unit ?? null, rules: [], groups };
  });
}

/** Figures 5 and 8: a group a configuration, a panel a metric. */
export function drawSystems(
  { definition, systems, rows, cells, published }: Material,
  configurations: readonly string[],
  lineRate: LineRate,
): Figure {
  // What was published has marks, not bars.
  const measured = systems.filter(({ origin }) => origin !== 'published');
  const groups = arrange(measured, configurations);
  const isLoss = definition.quantity === 'loss';
  const panels = rows.map((row, series): FigurePanel => ({
    title: row.label,
    axis: definition.axis ?? (row.unit === 'percent' ? 'Of one CPU, lower is better' : 'Higher is better'),
    unit: isLoss ? 'percent' : row.unit,
    rules: row.unit === 'bit/s' && 'bitsPerSecond' in lineRate ? [rule(lineRate.bitsPerSecond)] : [],
    groups: groups.map(({ system, column }): FigureGroup => {
      const at = systems.findIndex((candidate) => candidate === system);
      const mark: FigureMark =
        system === undefined
          ? { series, state: 'missing', why: 'not measured' }
          : markOf(cellsOf(row, at, cells), series, isLoss ? lossOf : meanOf);
      const stated = published.filter((one) => one.metric === row.metric && one.column === column);
      return { marks: [mark], published: stated.map(statement) };
    }),
  }));
  return {
    title: definition.title,
    bars: 'metrics',
    series: rows.map((row) => ({ label: row.label })),
    groups: groups.map(({ label }) => label),
    panels,
  };
}

function rule(bitsPerSecond: number): FigurePanel['rules'][number] {
  return { value: bitsPerSecond, label: 'line rate' };
}

interface Group {
  readonly label: string;
  readonly system: System | undefined;
  /** The paper's configuration whose statements are shown in this group. */
  readonly column: string | undefined;
}

/**
 * The paper's configurations in its order: for each the systems that reproduce it, or its name alone where none does, then
 * the systems shown for orientation. Systems of no configuration of the paper come last.
 */
function arrange(systems: readonly System[], configurations: readonly string[]): Group[] {
  const group = (system: System, column?: string): Group => ({ label: system.label, system, column });
  const measuredAs = (column: string, how: 'reproduces' | 'orientation'): readonly System[] =>
    systems.filter((system) => system.counterpart?.column === column && system.counterpart.how === how);
  const known = configurations.flatMap((column): Group[] => {
    const [first, ...others] = measuredAs(column, 'reproduces');
    const own: Group = first === undefined ? { label: column, system: undefined, column } : group(first, column);
    return [own, ...[...others, ...measuredAs(column, 'orientation')].map((system) => group(system))];
  });
  const grouped = new Set(known.map(({ system }) => system));
  return [...known, ...systems.filter((system) => !grouped.has(system)).map((system) => group(system))];
}

function cellsOf(row: TableRow, column: number, cells: readonly Cell[]): Cell[] {
  return (row.cells[column] ?? []).flatMap((at) => cells[at] ?? []);
}

type Pick = (cell: Cell) => { value: number | null; low: number | null; high: number | null };

const relativeOf: Pick = ({ relative, relativeLow, relativeHigh }) => ({
  value: relative,
  low: relativeLow,
  high: relativeHigh,
});

/** One minus the ratio, in percent; the ends of the interval are swapped. */
const lossOf: Pick = ({ relative, relativeLow, relativeHigh }) => ({
  value: lost(relative),
  low: lost(relativeHigh),
  high: lost(relativeLow),
});

function lost(relative: number | null): number | null {
  return relative === null ? null : 100 * (1 - relative);
}

const meanOf: Pick = ({ center, low, high }) => ({ value: center, low, high });

/** The bar of a cell: of several cells the first with a number. The table below the figure lists them all. */
function markOf(cells: readonly Cell[], series: number, pick: Pick): FigureMark {
  for (const cell of cells) {
    const { value, low, high } = pick(cell);
    if (value !== null) return { series, state: 'value', value, low, high };
  }
  const [first] = cells;
  if (first === undefined) return { series, state: 'missing', why: 'not measured' };
  if (first.state !== 'value' && first.state !== 'stated')
    return { series, state: first.state, why: first.why ?? 'no reason given' };
  const [, name] = splitMetric(first.metric as `${string}/${string}`);
  return {
    series,
    state: 'missing',
    why: whyNoRatio(first.notes) ?? `no ratio of ${name}`,
  };
}
