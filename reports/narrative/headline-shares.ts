import { shortTitle } from './headline-figures.js';
import { formatPoints } from './format.js';
import type { TableExhibit, TableRow } from '../model/document.js';
import type { Cell, RequestedShare, System } from '../model/types.js';

/** Up to this many systems are named one by one. */
const NAMED = 2;

interface Achieved {
  readonly label: string;
  readonly center: number;
  readonly request: RequestedShare;
}

/** A table of requested shares in a sentence, about the guest with the request; the others are in the table. */
export function shareHeadlines(table: TableExhibit, systems: readonly System[], cells: readonly Cell[]): string[] {
  const own = table.columns.flatMap((key, column) => {
    const system = systems.find((candidate) => candidate.key === key);
    return system === undefined || system.origin === 'published' ? [] : [{ label: system.label, column }];
  });
  if (own.length === 0) return [];
  const parts = leading(table).map((row) => {
    const found = own.map(({ label, column }) => ({ label, cell: cells[row.cells[column]?.[0] ?? -1] }));
    const achieved = found.flatMap(({ label, cell }): Achieved[] =>
      cell === undefined || cell.request === null || cell.center === null
        ? []
        : [{ label, center: cell.center, request: cell.request }],
    );
    if (found.length > NAMED) return `${row.label} ${summary(achieved, found.length)}`;
    const shares = found.map(({ label, cell }) => {
      const one = achieved.find((candidate) => candidate.label === label);
      return one === undefined ? `${label} ${cell?.state ?? 'missing'}` : shareText(one);
    });
    return `${row.label} ${shares.join(', ')}`;
  });
  return [`${shortTitle(table.title)}, share achieved and points off the request: ${parts.join('; ')}.`];
}

function shareText({ label, center, request }: Achieved): string {
  return `${label} ${center.toFixed(2)} % (${formatPoints(request.deviation)})`;
}

function summary(achieved: readonly Achieved[], systems: number): string {
  const [furthest] = [...achieved].sort((a, b) => Math.abs(b.request.deviation) - Math.abs(a.request.deviation));
  if (furthest === undefined) return 'nowhere measured';
  const good = achieved.filter(({ request }) => !request.beyond).length;
  return `achieved on ${good} of ${systems} systems, furthest off ${shareText(furthest)}`;
}

/** Rows under the first heading: the guest with the request. */
function leading({ rows }: TableExhibit): readonly TableRow[] {
  const second = rows.findIndex((row, index) => index > 0 && row.part !== null);
  return second < 0 ? rows : rows.slice(0, second);
}
