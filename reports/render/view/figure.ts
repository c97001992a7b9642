import type { FigureExhibit, Report, TableRow } from '../../model/document.js';
import type { PrecisionGrade } from '../../model/precision.js';
import type { Cell } from '../../model/types.js';
import {
  describeTool,
  formatInterval,
  formatLoss,
  formatRatio,
  formatRatioInterval,
  formatValue,
  rowScale,
} from '../../narrative/format.js';
import { impreciseRatioText, precisionText } from '../../narrative/precision.js';

/** One line of the table below a figure, as text: the same in every format. */
export interface FigureLine {
  readonly metric: string;
  readonly system: string;
  readonly mean: string;
  readonly interval: string;
  readonly n: string;
  /** That the mean is imprecise, and that the ratio is of imprecise values; empty where they are not. */
  readonly precision: string;
  readonly impreciseRatio: string;
  readonly relative: string;
  readonly relativeInterval: string;
  /** Why there is no number. */
  readonly absent: string;
  readonly state: Cell['state'] | 'published';
  readonly tool: string;
  readonly grade: PrecisionGrade | null;
  /** Whose trials it is of; null for a statement of the paper. */
  readonly of: Pick<Cell, 'system' | 'benchmark'> | null;
}

/** The lines of a figure, by metric: every cell, then the statements of the paper. */
export function figureLines(exhibit: FigureExhibit, report: Report): FigureLine[] {
  const byKey = new Map(report.systems.map((system) => [system.key, system]));
  return exhibit.rows.flatMap((row) => {
    const all = row.cells.flat().flatMap((at) => report.cells[at] ?? []);
    // What a publication does not state needs no line.
    const cells = all.filter(({ origin, state }) => origin !== 'published' || state !== 'missing');
    const scale = rowScale(row.unit, cells, []);
    const metric = `${row.label}${scale.label === '' ? '' : `, ${scale.label}`}`;
    const measured = cells.map((cell): FigureLine => ({
      metric,
      system: byKey.get(cell.system)?.label ?? cell.target,
      mean: cell.center === null ? '' : formatValue(cell.center, scale),
      interval: cell.low === null || cell.high === null ? '' : formatInterval(cell.low, cell.high, scale),
      n: cell.n === null ? '' : String(cell.n),
      precision: precisionText(cell),
      impreciseRatio: impreciseRatioText(cell),
      grade: cell.precision?.grade ?? null,
      ...RELATIVE[exhibit.quantity](cell),
      absent: cell.state === 'value' ? '' : (cell.why ?? ''),
      state: cell.state,
      tool: cell.tool === null ? '' : describeTool(cell.tool),
      of: cell,
    }));
    // The statements of systems that were imported are in their own lines.
    const imported = cells.flatMap(({ origin, system }) =>
      origin === 'published' ? (byKey.get(system)?.counterpart?.column ?? []) : [],
    );
    return [...measured, ...publishedLines(exhibit, row, metric, imported)];
  });
}

type RelativeText = Pick<FigureLine, 'relative' | 'relativeInterval'>;

function relativeText({ relative, relativeLow: low, relativeHigh: high }: Cell): RelativeText {
  return {
    relative: relative === null ? '' : formatRatio(relative),
    relativeInterval: low === null || high === null ? '' : formatRatioInterval(low, high),
  };
}

/** Loss in percent with its interval; empty without a ratio. */
export function lossText({ relative, relativeLow: low, relativeHigh: high }: Cell): RelativeText {
  const lost = (part: number): string => formatLoss(100 * (1 - part));
  return {
    relative: relative === null ? '' : lost(relative),
    relativeInterval: low === null || high === null ? '' : `${lost(high)} – ${lost(low)}`,
  };
}

const RELATIVE: Readonly<Record<FigureExhibit['quantity'], (cell: Cell) => RelativeText>> = {
  relative: relativeText,
  value: relativeText,
  loss: lossText,
};

/** Heading of the relative column, by quantity of the figure. */
export const RELATIVE_HEADING: Readonly<Record<FigureExhibit['quantity'], string>> = {
  relative: 'Relative',
  value: 'Relative',
  loss: 'Lost, %',
};

const NOTHING = {
  ...{ mean: '', interval: '', n: '', precision: '', grade: null, of: null },
  ...{ relative: '', relativeInterval: '', impreciseRatio: '', tool: '' },
};

function publishedLines(
  exhibit: FigureExhibit,
  row: TableRow,
  metric: string,
  imported: readonly string[],
): FigureLine[] {
  return exhibit.published
    .filter((mark) => mark.metric === row.metric && !imported.includes(mark.column))
    .map((mark): FigureLine => ({
      ...NOTHING,
      metric,
      system: `${mark.column}, the paper`,
      absent: mark.text,
      state: 'published',
    }));
}
