import type { Evidence, RowSpec } from '../analysis/cells.js';
import { sourcesOf, type FigureDefinition } from '../model/exhibit.js';
import { drawBenchmarks, drawSystems, statement } from './figure-model.js';
import { lineRateOf, type LineRate } from '../analysis/line-rate.js';
import { PUBLISHED_MARKS, type PublishedMark } from '../reference/marks.js';
import { referenceById } from '../reference/index.js';
import { baselineInWords } from '../narrative/baselines.js';
import { systemsMeasuredBy, fillRows, leftOutNotes, notesOf, statedNotes } from './rows.js';
import type { FigureExhibit } from '../model/document.js';
import type { ExhibitNote } from '../model/note.js';
import type { Cell, System } from '../model/types.js';
import { baselineSystem } from '../read/baselines.js';

/** A figure of the registry, filled with what was measured. Indices of its cells begin at 0. */
export function buildFigure(
  definition: FigureDefinition,
  evidence: Evidence,
): { exhibit: FigureExhibit; cells: readonly Cell[] } {
  const reference = referenceById(definition.reference);
  const systems = systemsMeasuredBy(sourcesOf(definition), evidence);
  const common = { exhibit: definition.id, publishedRow: undefined, judged: true } as const;
  const specs = [
    ...definition.bars.map(({ metric, divisor, label }): RowSpec => ({ ...common, metric, divisor, label })),
    ...sidePanelRows(definition).map(({ metric, label }): RowSpec => ({ ...common, metric, label, compared: false })),
  ];
  const filled = fillRows(specs, systems, evidence, []);
  const { rows } = filled;
  const measured = systems.filter(({ origin }) => origin !== 'published');
  const lineRate = lineRateOf(measured, evidence.facts);
  const metrics = definition.bars.map((bar): string => bar.metric);
  const published = PUBLISHED_MARKS.filter((mark) => metrics.includes(mark.metric)).map((mark) =>
    onAxis(scaledMark(mark, lineRate), definition, systems),
  );
  const baseline = baselineInWords(systems, 'baseline');
  const material = { definition, systems, rows, cells: filled.cells, published, baseline };
  const bySystem = definition.groups === 'systems';
  const hasRate = rows.some((row) => row.unit === 'bit/s');
  const unmarked: readonly ExhibitNote[] =
    hasRate && measured.length > 0 && 'unknown' in lineRate ? [{ kind: 'no line rate', why: lineRate.unknown }] : [];
  const exhibit: FigureExhibit = {
    kind: 'figure',
    id: definition.id,
    role: 'exhibit',
    title: definition.title,
    caption: definition.caption(systems),
    suites: definition.suites,
    workloads: definition.workloads,
    reference: reference.id,
    quantity: definition.quantity,
    columns: systems.map((system) => system.key),
    rows,
    notes: [
      ...unmarked,
      ...notesOf(filled.cells),
      ...statedNotes(sourcesOf(definition), systems, evidence),
      ...leftOutNotes(sourcesOf(definition), evidence),
    ],
    groups: definition.quantity === 'relative' ? filled.groups : [],
    published: published.map(({ metric, ...mark }) => ({ metric, ...statement(mark) })),
    figure: bySystem
      ? drawSystems(material, definition.columns ?? reference.configurations ?? [], lineRate)
      : drawBenchmarks(material),
  };
  return { exhibit, cells: filled.cells };
}

/** The metrics of the further panels, each a row of its own. */
function sidePanelRows({ sidePanels = [], bars }: FigureDefinition): { metric: RowSpec['metric']; label: string }[] {
  return sidePanels.flatMap(({ metrics, title }) =>
    metrics.map((metric, index) => ({ metric, label: `${bars[index]?.label ?? ''}, ${uncapitalized(title)}` })),
  );
}

function uncapitalized(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}

/** The paper's own baseline, where no system of the figure reproduces the column of a mark. */
const PAPER_BASELINE = 'Linux-UP';

/** A mark that is relative to another system than the bars of its column are has words alone. */
export function onAxis(
  { to, ...mark }: PublishedMark,
  { bars }: FigureDefinition,
  systems: readonly System[],
): PublishedMark {
  if (to === undefined) return mark;
  const own = systems.find(
    ({ counterpart }) => counterpart?.column === mark.column && counterpart.how === 'reproduces',
  );
  const main = systems.find(({ baseline }) => baseline);
  const baseline = own === undefined ? main : baselineSystem(own, systems);
  const hasDivisor = bars.some(({ metric, divisor }) => metric === mark.metric && divisor !== undefined);
  const column = baseline?.counterpart?.column ?? PAPER_BASELINE;
  return column === to && !hasDivisor ? mark : { ...mark, low: null, high: null };
}

/** A mark that the publication gives as a fraction of the line rate, in bit/s where the line rate is known. */
export function scaledMark(mark: PublishedMark, lineRate: LineRate): PublishedMark {
  if (mark.ofLineRate === undefined || 'unknown' in lineRate) return mark;
  const value = mark.ofLineRate * lineRate.bitsPerSecond;
  return { ...mark, low: value, high: value };
}
