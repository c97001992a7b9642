import type { FigureExhibit, TableRow } from '../model/document.js';
import { baselineInWords } from './baselines.js';
import { formatLoss, formatValue, rowScale } from './format.js';
import type { Cell, System } from '../model/types.js';

/** `Figure 6(a)` of `Figure 6(a): disk performance`. */
export function shortTitle(title: string): string {
  return title.split(':')[0] ?? title;
}

/** Up to this many systems are named one by one. */
const NAMED = 2;

/** A figure in a sentence; every number is in the table below the figure. */
export function figureHeadlines(exhibit: FigureExhibit, systems: readonly System[], cells: readonly Cell[]): string[] {
  const { quantity, figure } = exhibit;
  const relative = quantity !== 'value';
  // Rows of the side panel come after those of the bars.
  const rows = figure.bars === 'systems' ? exhibit.rows.slice(0, figure.groups.length) : exhibit.rows;
  const isBar = (system: System): boolean => figure.series.some(({ label }) => label === system.label);
  const columns = exhibit.columns.flatMap((key, column): Column[] => {
    const system = systems.find((candidate) => candidate.key === key);
    if (system === undefined || system.origin === 'published') return [];
    return quantity === 'relative' && !isBar(system) ? [] : [{ label: system.label, column }];
  });
  if (columns.length === 0) return [];
  const baseline = baselineInWords(systems);
  const parts = rows.map((row) => {
    const write = quantity === 'loss' ? lossText : relative ? relativeText : meanWriter(row, cells);
    const found = columns.map(({ label, column }) => ({ label, cell: cells[row.cells[column]?.[0] ?? -1] }));
    return `${row.label} ${relative ? rangeText(found, relativeOf, write) : rangeText(found, meanOf, write)}`;
  });
  const about = ABOUT[quantity](figure.panels[0]?.rules[0]?.label ?? baseline);
  const whose = relative && columns.length === 1 ? `${columns[0]?.label ?? ''}, ` : '';
  return [`${shortTitle(exhibit.title)}, ${whose}${about}: ${parts.join('; ')}.`];
}

const ABOUT: Readonly<Record<FigureExhibit['quantity'], (baseline: string) => string>> = {
  relative: (baseline) => `performance relative to ${baseline}, higher is better (95 % intervals of each alone)`,
  loss: () => 'lost of the throughput alone (95 % intervals of each alone)',
  value: () => 'means',
};

interface Column {
  readonly label: string;
  readonly column: number;
}

interface Found {
  readonly label: string;
  readonly cell: Cell | undefined;
}

const relativeOf = (cell: Cell): number | null => cell.relative;
const meanOf = (cell: Cell): number | null => cell.center;

/** What counted the CPU time of a cell; none for any other cell. */
function clockOf({ notes }: Cell): string | undefined {
  return notes.find((note) => note.kind === 'clock')?.clock.kind;
}

/**
 * Each system's number where there are few systems, else the lowest and highest with their systems, and the number of
 * systems.
 */
function rangeText(
  found: readonly Found[],
  pick: (cell: Cell) => number | null,
  write: (cell: Cell) => string,
): string {
  const measured = found.flatMap(({ cell }) => (cell?.state === 'value' ? [cell] : []));
  if (new Set(measured.map(clockOf)).size > 1) return 'counted by different clocks, which are not compared';
  const text = ({ cell }: Found): string => (cell === undefined || pick(cell) === null ? absent(cell) : write(cell));
  if (found.length === 1) return found.map(text).join('');
  if (found.length <= NAMED) return found.map((one) => `${one.label} ${text(one)}`).join(', ');
  const known = found
    .flatMap(({ label, cell }) => {
      const value = cell === undefined ? null : pick(cell);
      return cell === undefined || value === null ? [] : [{ label, cell, value }];
    })
    .sort((a, b) => a.value - b.value);
  const [least, most] = [known[0], known.at(-1)];
  if (least === undefined || most === undefined) return 'nowhere measured';
  return `on ${known.length} systems from ${write(least.cell)} on ${least.label} to ${write(most.cell)} on ${most.label}`;
}

function absent(cell: Cell | undefined): string {
  return cell?.state === 'value' ? 'without a ratio' : (cell?.state ?? 'missing');
}

function meanWriter(row: TableRow, cells: readonly Cell[]): (cell: Cell) => string {
  const own = row.cells.flat().flatMap((at) => cells[at] ?? []);
  const scale = rowScale(row.unit, own, []);
  const short = { ...scale, decimals: Math.min(scale.decimals, row.unit === 'percent' ? 0 : 2) };
  return (cell) => `${formatValue(cell.center ?? 0, short)} ${scale.label}${isImprecise(cell) ? ' (imprecise)' : ''}`;
}

function isImprecise({ precision }: Cell): boolean {
  return precision !== null && precision.grade !== 'precise';
}

/** `0.99 (0.91 to 1.08)`; where the values are imprecise `0.99 (0.91 to 1.08, imprecise)`. */
function bracketed(center: string, interval: string, { notes }: Cell): string {
  const mark = notes.some(({ kind }) => kind === 'imprecise ratio') ? 'imprecise' : '';
  const inside = [interval, mark].filter((part) => part !== '').join(', ');
  return inside === '' ? center : `${center} (${inside})`;
}

function relativeText(cell: Cell): string {
  const { relativeLow: low, relativeHigh: high } = cell;
  const interval = low === null || high === null ? '' : `${low.toFixed(2)} to ${high.toFixed(2)}`;
  return bracketed((cell.relative ?? 0).toFixed(2), interval, cell);
}

function lossText(cell: Cell): string {
  const lost = (relative: number | null): string => formatLoss(100 * (1 - (relative ?? 0)));
  const { relativeLow: low, relativeHigh: high } = cell;
  const interval = low === null || high === null ? '' : `${lost(high)} to ${lost(low)}`;
  return bracketed(`${lost(cell.relative)} %`, interval, cell);
}
