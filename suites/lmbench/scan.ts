import type { Line } from '../parsing.js';
import { labelledFigure, type Figure } from './labels.js';
import { isRow, rowFigures, sectionAfter, type Section } from './sections.js';

/** The results in an output of lmbench, and its unknown lines. */
export interface Scan {
  readonly figures: readonly Figure[];
  /** Number rows that belong to no section: their meaning depends on which tool printed them. */
  readonly orphans: readonly Line[];
  readonly unknown: readonly Line[];
  /** Headings of sections, whether or not a row followed. */
  readonly headings: readonly Line[];
}

/**
 * Reads any output of lmbench's tools, one tool's or a whole results file. `section` is what rows mean before the first
 * heading and after a line that is neither blank, heading nor row: all that a tool prints which prints no heading.
 */
export function scan(lines: readonly Line[], section?: Section): Scan {
  const figures: Figure[] = [];
  const orphans: Line[] = [];
  const unknown: Line[] = [];
  const headings: Line[] = [];
  let current = section;
  for (const line of lines) {
    if (line.text.trim() === '') continue;
    const own = labelledFigure(line);
    const next = own === undefined ? sectionAfter(line, current) : undefined;
    if (own !== undefined) {
      figures.push(own);
      current = undefined;
    } else if (next !== undefined) {
      headings.push(line);
      current = next;
    } else if (isRow(line)) {
      const read = rowFigures(line, current);
      figures.push(...read);
      if (read.length === 0 && current === undefined) orphans.push(line);
    } else {
      unknown.push(line);
      current = section;
    }
  }
  return { figures, orphans, unknown, headings };
}
