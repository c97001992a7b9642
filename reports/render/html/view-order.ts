import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { ORDER_LEAD, orderLines } from '../view/order.js';

/** Data of the section for the templates; undefined where no run measured two systems. */
export function orderView(report: Report): Record<string, unknown> | undefined {
  if (report.order === null) return undefined;
  return {
    lead: ORDER_LEAD,
    statement: plainLine(report.order.statement),
    lines: orderLines(report).map((line) => ({
      ...line,
      benchmark: plainLine(line.benchmark),
      run: plainLine(line.run),
      system: plainLine(line.system),
      effect: plainLine(line.effect),
    })),
  };
}
