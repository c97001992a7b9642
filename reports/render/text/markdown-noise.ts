import type { Report } from '../../model/document.js';
import { table, text } from './markdown-text.js';
import { NOISE_HEADINGS, NOISE_LEAD, noiseLines } from '../html/view-noise.js';

/** What can be told from noise; empty where nothing was measured against itself. */
export function noiseSection(report: Report): string {
  if (report.noise.length === 0) return '';
  const floors = report.noise.flatMap((floor) => {
    const rows = noiseLines(floor).map((line) =>
      [line.metric, line.n, line.again, line.p, line.verdict, line.floor, line.detached].map(text),
    );
    return [`**${text(floor.label)}.** ${text(floor.statement)}`, table([...NOISE_HEADINGS], rows)];
  });
  return ['## Noise floor', NOISE_LEAD, ...floors].join('\n\n');
}
