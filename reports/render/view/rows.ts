import type { TableRow } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import { formatFloor } from '../../narrative/format.js';

/** Labels of rows, each after the heading that it is under: for formats without such headings. */
export function labelsOf(rows: readonly TableRow[]): string[] {
  let part = '';
  return rows.map((row) => {
    part = row.part ?? part;
    return part === '' ? row.label : `${part}: ${row.label}`;
  });
}

/** The noise floor, if the difference from the baseline is not larger; else empty. */
export function floorText({ ratio, noiseFloor }: Cell): string {
  return ratio === null || noiseFloor === null || 100 * Math.abs(ratio - 1) > noiseFloor ? '' : formatFloor(noiseFloor);
}
