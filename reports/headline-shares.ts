import { shortTitle } from './headline-figures.js';
import { formatPoints } from './render/format.js';
import type { TableExhibit } from './document.js';
import type { Cell, System } from './types.js';

/** What a table of requested shares says, a sentence a system; what was only counted in it is in the table. */
export function shareHeadlines(table: TableExhibit, systems: readonly System[], cells: readonly Cell[]): string[] {
  const asked = table.rows.filter((row, index) => index < leading(table));
  return table.columns.flatMap((key, column) => {
    const system = systems.find((candidate) => candidate.key === key);
    if (system === undefined || system.origin === 'published') return [];
    const parts = asked.flatMap((row) => {
      const cell = cells[row.cells[column]?.[0] ?? -1];
      if (cell === undefined) return [];
      if (cell.request === null || cell.center === null) return [`${row.label} ${cell.state}`];
      return [`${row.label} ${cell.center.toFixed(2)} % (${formatPoints(cell.request.deviation)} points off)`];
    });
    return [`${shortTitle(table.title)}, ${system.label}, share achieved: ${parts.join('; ')}.`];
  });
}

/** Rows under the first heading: the guest that asked. */
function leading({ rows }: TableExhibit): number {
  const second = rows.findIndex((row, index) => index > 0 && row.part !== null);
  return second < 0 ? rows.length : second;
}
