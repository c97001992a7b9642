import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { NOISE_HEADINGS, NOISE_LEAD, noiseLines } from '../view/noise.js';

/** Data of the section for the templates; undefined without a noise run. */
export function noiseView(report: Report): Record<string, unknown> | undefined {
  if (report.noise.length === 0) return undefined;
  return {
    lead: NOISE_LEAD,
    headings: NOISE_HEADINGS.map((heading, index) => ({ heading, isNumber: index > 0 && index !== 4 })),
    floors: report.noise.map((floor) => ({
      label: plainLine(floor.label),
      runs: plainLine(floor.runs.join(', ')),
      statement: plainLine(floor.statement),
      lines: noiseLines(floor).map((line, index) => ({
        ...line,
        isDifferent: floor.metrics[index]?.verdict === 'difference',
      })),
    })),
  };
}
