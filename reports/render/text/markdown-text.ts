import { plainLine } from '../../narrative/format.js';

/** Text for a table cell or paragraph: nothing in it is markup. */
export function text(value: string): string {
  return plainLine(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_[\]|~#!$@]/g, (character) => `\\${character}`)
    .replace(/\b(https?|ftp|www)(:|\.)/gi, '$1\u200b$2');
}

/** A table; the first column is text, the others are numbers. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
