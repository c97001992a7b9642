import type { TableRow } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import { formatFloor } from '../../narrative/format.js';

/** Labels of rows, each with the heading that it stands under where there is one: for formats without such headings. */
export function labelsOf(rows: readonly TableRow[]): string[] {
  let part = '';
  return rows.map((row) => {
    part = row.part ?? part;
    return part === '' ? row.label : `${part}: ${row.label}`;
  });
}

/** Said of a difference from the baseline that the noise run could not have resolved; else empty. */
export function floorText({ ratio, noiseFloor }: Cell): string {
  return ratio === null || noiseFloor === null || 100 * Math.abs(ratio - 1) > noiseFloor ? '' : formatFloor(noiseFloor);
}
