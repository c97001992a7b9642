import { splitMetric, type Evidence, type Place } from './cells.js';
import type { FigureDefinition } from './exhibits/definition.js';
import type { Figure, FigureGroup, FigureMark, FigurePanel, FigurePublished } from './exhibits/figure.js';
import { lineRateOf, type LineRate } from './line-rate.js';
import { PUBLISHED_MARKS, type PublishedMark } from './reference/figures.js';
import { referenceById } from './reference/index.js';
import { concerned, fillRows, notesOf } from './rows.js';
import type { FigureExhibit, TableRow } from './document.js';
import type { Cell, System } from './types.js';

/** Everything that a figure is drawn from. */
interface Material {
  readonly definition: FigureDefinition;
  readonly systems: readonly System[];
  readonly rows: readonly TableRow[];
  readonly cells: readonly Cell[];
  readonly published: readonly PublishedMark[];
}

/** A figure of the registry, filled with what was measured. Indices of its cells begin at 0. */
export function buildFigure(
  definition: FigureDefinition,
  evidence: Evidence,
): { exhibit: FigureExhibit; cells: readonly Cell[] } {
  const reference = referenceById(definition.reference);
  const systems = concerned(definition.suites, evidence);
  const places = definition.bars.map((bar): Place => ({
    exhibit: definition.id,
    metric: bar.metric,
    publication: undefined,
    judged: true,
  }));
  const filled = fillRows(places, systems, evidence, []);
  const rows = filled.rows.map((row, index) => ({ ...row, label: definition.bars[index]?.label ?? row.label }));
  const lineRate = lineRateOf(systems, evidence.facts);
  const metrics = definition.bars.map((bar): string => bar.metric);
  const published = PUBLISHED_MARKS.filter((mark) => metrics.includes(mark.metric)).map((mark) =>
    placed(mark, lineRate),
  );
  const material = { definition, systems, rows, cells: filled.cells, published };
  const bySystem = definition.groups === 'systems';
  const unmarked = bySystem && 'unknown' in lineRate ? [`The line rate is not marked: ${lineRate.unknown}.`] : [];
  const exhibit: FigureExhibit = {
    kind: 'figure',
    id: definition.id,
    role: 'exhibit',
    title: definition.title,
    caption: definition.caption(systems),
    suites: definition.suites,
    reference: reference.id,
    quantity: bySystem ? 'value' : 'relative',
    columns: systems.map((system) => system.key),
    rows,
    notes: [...unmarked, ...notesOf(filled.cells)],
    published: published.map(({ metric, ...mark }) => ({ metric, ...statement(mark) })),
    figure: bySystem ? drawSystems(material, reference.configurations ?? [], lineRate) : drawBenchmarks(material),
  };
  return { exhibit, cells: filled.cells };
}

/** A mark that the paper gives as a part of the line rate gets its place where that is known. */
function placed(mark: PublishedMark, lineRate: LineRate): PublishedMark {
  if (mark.ofLineRate === undefined || 'unknown' in lineRate) return mark;
  const value = mark.ofLineRate * lineRate.bitsPerSecond;
  return { ...mark, low: value, high: value };
}

function statement({ column, low, high, text, claim }: Omit<PublishedMark, 'metric'>): FigurePublished {
  return { column, low, high, text, claim };
}

/** Figure 6: a group a metric, a bar a system, the baseline a line at 1. */
function drawBenchmarks({ definition, systems, rows, cells, published }: Material): Figure {
  const baseline = systems.find((system) => system.baseline)?.label ?? 'baseline';
  const shown = systems.map((system, column) => ({ system, column })).filter(({ system }) => !system.baseline);
  const panel: FigurePanel = {
    title: 'Relative performance',
    axis: `Performance relative to ${baseline}, higher is better`,
    unit: null,
    rules: [{ value: 1, label: baseline }],
    groups: rows.map((row): FigureGroup => ({
      marks: shown.map(({ column }, series) => markOf(cellsOf(row, column, cells), series, relativeOf)),
      published: published.filter((mark) => mark.metric === row.metric).map(statement),
    })),
  };
  return {
    title: `${definition.title}, relative to ${baseline}`,
    series: shown.map(({ system }) => ({ label: system.label })),
    groups: rows.map((row) => row.label),
    panels: [panel],
  };
}

/** Figure 5: a group a configuration, a panel a metric. */
function drawSystems(
  { definition, systems, rows, cells, published }: Material,
  configurations: readonly string[],
  lineRate: LineRate,
): Figure {
  const groups = arrange(systems, configurations);
  const panels = rows.map((row, series): FigurePanel => ({
    title: row.label,
    axis: row.unit === 'percent' ? 'Of one CPU, lower is better' : 'Higher is better',
    unit: row.unit,
    rules: row.unit === 'bit/s' && 'bitsPerSecond' in lineRate ? [rule(lineRate.bitsPerSecond)] : [],
    groups: groups.map(({ system, column }): FigureGroup => {
      const at = systems.findIndex((candidate) => candidate === system);
      const mark: FigureMark =
        system === undefined
          ? { series, state: 'missing', why: 'not measured' }
          : markOf(cellsOf(row, at, cells), series, meanOf);
      const stated = published.filter((one) => one.metric === row.metric && one.column === column);
      return { marks: [mark], published: stated.map(statement) };
    }),
  }));
  return {
    title: definition.title,
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
  /** The paper's configuration whose statements stand in this group. */
  readonly column: string | undefined;
}

/**
 * The paper's configurations in its order, each as the systems that stand for it or, where none does, by its own name;
 * what is only set beside a configuration follows it, and what the paper has no kin of stands at the end.
 */
function arrange(systems: readonly System[], configurations: readonly string[]): Group[] {
  const group = (system: System, column?: string): Group => ({ label: system.label, system, column });
  const of = (column: string, how: 'stands' | 'orientation'): readonly System[] =>
    systems.filter((system) => system.counterpart?.column === column && system.counterpart.how === how);
  const known = configurations.flatMap((column): Group[] => {
    const [first, ...others] = of(column, 'stands');
    const own: Group = first === undefined ? { label: column, system: undefined, column } : group(first, column);
    return [own, ...[...others, ...of(column, 'orientation')].map((system) => group(system))];
  });
  const placedSystems = new Set(known.map(({ system }) => system));
  return [...known, ...systems.filter((system) => !placedSystems.has(system)).map((system) => group(system))];
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

const meanOf: Pick = ({ center, low, high }) => ({ value: center, low, high });

/** The bar of a cell; of several the first that has a number, as the table beside the figure has them all. */
function markOf(cells: readonly Cell[], series: number, pick: Pick): FigureMark {
  for (const cell of cells) {
    const { value, low, high } = pick(cell);
    if (value !== null) return { series, state: 'value', value, low, high };
  }
  const [first] = cells;
  if (first === undefined) return { series, state: 'missing', why: 'not measured' };
  if (first.state !== 'value') return { series, state: first.state, why: first.why ?? 'no reason given' };
  const [, name] = splitMetric(first.metric as `${string}/${string}`);
  return {
    series,
    state: 'missing',
    why: first.notes.find((note) => note.startsWith('no ratio')) ?? `no ratio of ${name}`,
  };
}
