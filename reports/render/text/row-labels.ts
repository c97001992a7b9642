import type { TableRow } from '../../model/document.js';

/** Labels of rows, each with the heading that it stands under where there is one: for formats without such headings. */
export function labelsOf(rows: readonly TableRow[]): string[] {
  let part = '';
  return rows.map((row) => {
    part = row.part ?? part;
    return part === '' ? row.label : `${part}: ${row.label}`;
  });
}
