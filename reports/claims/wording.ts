import type { Interval } from '../statistics/intervals.js';
import type { Check, CheckedRow, Part } from './check.js';

/** The quantity of a check in words, for a line of the report. */
export function describeCheck(check: Check): string {
  if (check.kind === 'greatest') return check.title;
  if (check.kind !== 'majority-worse') return describePart(check);
  return `metrics of ${check.suite} that are worse on ${check.of} than on ${check.to}, in percent`;
}

function describePart({ row, of, quantity }: Part): string {
  switch (quantity.kind) {
    case 'ratio':
      return `${row}, ${of} over ${quantity.to}`;
    case 'relative':
      return quantity.to === of && quantity.other !== undefined
        ? `${of}, ${row} relative to ${quantity.other.row}`
        : `${row}, performance of ${of} relative to ${quantity.to}${otherRow(row, quantity.other)}`;
    case 'loss':
      return `${row}, loss of ${of} in percent`;
    case 'off-request':
      return `${row} of ${of}, points off the request`;
    case 'of-request':
      return `${row} of ${of}, percent of the request`;
    case 'difference':
      return `${row}, ${of} minus ${quantity.to}, in ${quantity.unit}`;
    case 'per-megabyte':
      return `${row} on ${of}, ${quantity.unit} per megabyte`;
    case 'value':
      return `${row} of ${of}, ${quantity.unit}`;
    case 'line-rate':
      return `${row} of ${of} over the line rate`;
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
