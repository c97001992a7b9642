import { plainLine } from '../../narrative/format.js';

/** A column of a table of plain text, with two lines of heading. */
export interface Column {
  readonly head: readonly [string, string];
  readonly cells: readonly string[];
}

/** Columns in as few blocks as fit the width; a wider column is a block of its own. */
export function blocksOf(labels: Column, columns: readonly Column[], width: number): Column[][] {
  const room = width - widthOf(labels);
  const blocks: Column[][] = [];
  let used = Infinity;
  for (const column of columns) {
    const wide = widthOf(column) + GAP.length;
    const last = blocks.at(-1);
    if (last === undefined || used + wide > room) {
      blocks.push([column]);
      used = wide;
    } else {
      last.push(column);
      used += wide;
    }
  }
  return blocks;
}

const GAP = '  ';

/** Characters as a reader counts them. */
function lengthOf(text: string): number {
  return Array.from(new Intl.Segmenter().segment(text)).length;
}

function widthOf(column: Column): number {
  return Math.max(...[...column.head, ...column.cells].map((cell) => lengthOf(cell)));
}

/** Columns side by side below their headings; the first is text, the others are numbers. */
export function align(columns: readonly Column[]): string {
  const widths = columns.map(widthOf);
  const line = (pick: (column: Column) => string): string =>
    columns
      .map((column, index) => {
        const text = pick(column);
        const padding = ' '.repeat((widths[index] ?? 0) - lengthOf(text));
        return index === 0 ? text + padding : padding + text;
      })
      .join(GAP)
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((sum, wide) => sum + wide, 0) + GAP.length * (columns.length - 1));
  const rows = columns[0]?.cells.map((_, index) => line((column) => column.cells[index] ?? '')) ?? [];
  return [line((column) => column.head[0]), line((column) => column.head[1]), rule, ...rows].join('\n');
}

/** Words in lines of at most `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [''];
  for (const word of plainLine(text).split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
