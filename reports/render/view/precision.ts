import type { Exhibit, Report } from '../../model/document.js';
import type { PrecisionGrade } from '../../model/precision.js';
import type { Cell } from '../../model/types.js';
import { precisionText } from '../../narrative/precision.js';

/** The mark of an imprecise value where there is no room for its coefficient of variation. */
const MARKS: Readonly<Record<PrecisionGrade, string>> = { precise: '', imprecise: '~', 'very imprecise': '~~' };

export function meanMark({ precision }: Cell): string {
  return precision === null ? '' : MARKS[precision.grade];
}

/** The mark of a ratio of imprecise values. */
export function ratioMark({ notes, ratio }: Cell): string {
  return ratio !== null && notes.some(({ kind }) => kind === 'imprecise ratio') ? MARKS.imprecise : '';
}

/** What the marks of an exhibit mean, one line a grade and system, the worst values first; nothing without marks. */
export function markLines({ columns, rows }: Exhibit, { cells, systems, precision }: Report): string[] {
  const limits = {
    imprecise: `CV above ${precision.cvLimit} %`,
    'very imprecise': `95 % interval wider than ± ${precision.halfWidthLimit} %`,
  };
  return (['very imprecise', 'imprecise'] as const).flatMap((grade) =>
    columns.flatMap((key, column) => {
      const own = rows.flatMap(({ label, cells: at }) =>
        (at[column] ?? []).flatMap((index) => {
          const cell = cells[index];
          return cell?.precision?.grade === grade ? [{ label, cell, cv: cell.precision.cv }] : [];
        }),
      );
      if (own.length === 0) return [];
      const name = systems.find((system) => system.key === key)?.label ?? key;
      const list = own.sort((a, b) => b.cv - a.cv).map(({ label, cell }) => `${label} (${precisionText(cell)})`);
      return [`${MARKS[grade]} ${grade}, ${limits[grade]}: ${name}: ${list.join('; ')}.`];
    }),
  );
}
