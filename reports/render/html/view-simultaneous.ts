import Handlebars from 'handlebars';
import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { renderStrip, STRIP_LEGEND } from '../svg/strip.js';
import { simultaneityLine, voidLines } from '../view/simultaneity.js';

/** Data of the section for the templates; undefined where no trial had several guests. */
export function simultaneityView(report: Report): Record<string, unknown> | undefined {
  if (report.simultaneous.length === 0) return undefined;
  return {
    legend: STRIP_LEGEND,
    lines: report.simultaneous.map((one, index) => {
      const line = simultaneityLine(one, report);
      return {
        ...line,
        workload: plainLine(line.workload),
        system: plainLine(line.system),
        first: one.workload !== report.simultaneous[index - 1]?.workload,
        strip: new Handlebars.SafeString(renderStrip(one, `strip-${index}`)),
      };
    }),
    voids: voidLines(report),
  };
}
