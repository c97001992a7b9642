import type { Interval } from '../statistics/intervals.js';
import type { Check, CheckedRow, Part } from './check.js';

/** The quantity of a check in words, for a line of the report. */
export function describeCheck(check: Check): string {
  if (check.kind === 'greatest') return check.title;
  if (check.kind !== 'majority-worse') return describePart(check);
  return `metrics of ${check.suite} that are worse on ${check.column} than on ${check.to}, in percent`;
}

function describePart({ row, column, quantity }: Part): string {
  switch (quantity.kind) {
    case 'ratio':
      return `${row}, ${column} over ${quantity.to}`;
    case 'relative':
      return quantity.to === column && quantity.other !== undefined
        ? `${column}, ${row} relative to ${quantity.other.row}`
        : `${row}, performance of ${column} relative to ${quantity.to}${otherRow(row, quantity.other)}`;
    case 'loss':
      return `${row}, loss of ${column} in percent`;
    case 'off-request':
      return `${row} of ${column}, points off the request`;
    case 'of-request':
      return `${row} of ${column}, percent of the request`;
    case 'difference':
      return `${row}, ${column} minus ${quantity.to}, in ${quantity.unit}`;
    case 'per-megabyte':
      return `${row} on ${column}, ${quantity.unit} per megabyte`;
    case 'value':
      return `${row} of ${column}, ${quantity.unit}`;
    case 'line-rate':
      return `${row} of ${column} over the line rate`;
  }
}

function otherRow(row: string, other: CheckedRow | undefined): string {
  return other === undefined || other.row === row ? '' : ` at ${other.row}`;
}

/** `0.95 to 1.05`, `1.9 or more`, `0.9 or less`, `0.6`. */
export function formatBand({ low, high }: Interval): string {
  const write = (value: number): string => String(Number(value.toPrecision(4)));
  if (low === high) return write(low);
  if (!Number.isFinite(low)) return `${write(high)} or less`;
  if (!Number.isFinite(high)) return `${write(low)} or more`;
  return `${write(low)} to ${write(high)}`;
}

/** The rule of a claim: each quantity with its band. */
export function describeRule(checks: readonly Check[]): string {
  const lines = checks.map((check) => `${describeCheck(check)}: ${formatBand(check.band)}`);
  return lines.length === 1 ? `${lines[0] ?? ''}.` : `All of these hold. ${lines.join('; ')}.`;
}
