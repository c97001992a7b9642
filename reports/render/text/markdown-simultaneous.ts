import type { Report } from '../../model/document.js';
import { table, text } from './markdown-text.js';
import { simultaneityLines, voidLines } from '../html/view-simultaneous.js';

/** How simultaneous the guests were; empty where nothing ran in several. */
export function simultaneitySection(report: Report): string {
  if (report.simultaneous.length === 0) return '';
  const header = ['Workload', 'System', 'Guests', 'n', 'Release skew', 'Start skew', 'Overlap', 'Clock bound'];
  const rows = simultaneityLines(report).map((line) =>
    [line.workload, line.system, line.guests, line.n, line.release, line.start, line.overlap, line.bound].map(text),
  );
  const voids = voidLines(report).map((line) => `- ${text(`${line.where}: ${line.why}`)}`);
  return [
    '## How simultaneous the guests were',
    'Of each trial the latest guest minus the earliest; median, and worst, over the trials that are not void.',
    table(header, rows),
    ...(voids.length === 0 ? [] : ['Void for it or for another gate:', voids.join('\n')]),
  ].join('\n\n');
}
