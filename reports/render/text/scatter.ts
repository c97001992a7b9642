import type { ScatterExhibit } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { scatterLines } from '../view/scatter.js';
import { align, blocksOf, wrap, type Column } from './columns.js';
import { table, text } from './markdown-text.js';

/** Coordinates as aligned text, and below them what is missing. */
export function scatterText(exhibit: ScatterExhibit, width: number): string {
  const lines = scatterLines(exhibit);
  const labels: Column = { head: ['', ''], cells: lines.map(({ system }) => plainLine(system)) };
  const columns: Column[] = [
    { head: ['efficiency', '% [95 %]'], cells: lines.map(({ efficiency }) => efficiency || '-') },
    { head: ['isolation', '% kept [95 %]'], cells: lines.map(({ isolation }) => isolation || '-') },
  ];
  const missing = lines
    .filter((line) => line.missing !== '')
    .flatMap((line) => wrap(plainLine(`${line.system}: ${line.missing}.`), width));
  const blocks = lines.length === 0 ? [] : blocksOf(labels, columns, width).map((block) => align([labels, ...block]));
  return [wrap(exhibit.title, width).join('\n'), ...blocks, missing.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The same as Markdown. */
export function scatterSection(exhibit: ScatterExhibit): string {
  const rows = scatterLines(exhibit).map(({ system, efficiency, isolation, missing }) =>
    [system, efficiency, isolation, missing].map(text),
  );
  return [
    `## ${text(exhibit.title)}`,
    text(exhibit.caption),
    table(['System', 'Efficiency, %', 'Isolation, % kept', 'Missing'], rows),
  ].join('\n\n');
}
