import type { MetricId } from '../../harness/types.js';
import { bandAround, MARGIN } from '../statistics/equivalence.js';
import type { Interval } from '../statistics/intervals.js';
import type { Check, CheckedRow } from './check.js';
import { FIGURE_COMPARISONS } from './figure-claims.js';
import { publishedShare, tableValue, type Claim, type ReferenceTable } from '../reference/index.js';
import { WORKLOAD_COMPARISONS } from './workload-claims.js';
import { TABLE_2_MEGABYTES, TABLE_2_METRICS } from '../reference/rows.js';

/** The comparisons of a claim about a table or figure; none for a sentence that only a reader can judge. */
export function checksOf(claim: Claim): readonly Check[] {
  const figure = FIGURE_COMPARISONS[claim.id] ?? WORKLOAD_COMPARISONS[claim.id];
  if (figure !== undefined) return figure(ratioBand(claim));
  const checks: Check[] = [];
  const metricOf = (row: string): MetricId => `lmbench/${TABLE_2_METRICS[row] ?? 'unknown'}`;
  for (const row of claim.ratio?.metrics ?? []) {
    const { of, to } = claim.ratio ?? { of: '', to: '' };
    checks.push({ row, metric: metricOf(row), of, quantity: { kind: 'ratio', to }, band: ratioBand(claim) });
  }
  for (const row of claim.difference?.metrics ?? []) {
    const { of, to, unit = 'us', between = [0, 0] } = claim.difference ?? { of: '', to: '' };
    const band = { low: between[0], high: between[1] };
    checks.push({ row, metric: metricOf(row), of, quantity: { kind: 'difference', to, unit }, band });
  }
  for (const [of, cost] of Object.entries(claim.perMegabyte ?? {})) {
    for (const [row, megabytes] of Object.entries(TABLE_2_MEGABYTES)) {
      const quantity = { kind: 'per-megabyte', megabytes, unit: 'us' } as const;
      checks.push({ row, metric: metricOf(row), of, quantity, band: bandAround(cost) });
    }
  }
  return checks;
}

function ratioBand({ ratio }: Claim): Interval {
  const { within, value, between } = ratio ?? {};
  if (within !== undefined) return { low: 1 - within, high: 1 + within };
  if (between !== undefined) return { low: between[0], high: between[1] };
  return bandAround(value ?? 1, MARGIN);
}

const SHARED: readonly Check['quantity']['kind'][] = ['ratio', 'relative', 'loss', 'off-request'];

/** Whether a claim is about ratios, which another machine can share, or also about values of the paper's machine. */
export function claimKind(claim: Claim): 'relative' | 'absolute' | 'prose' {
  const checks = checksOf(claim);
  if (checks.length === 0) return 'prose';
  const shared = checks.every(({ quantity }) => SHARED.includes(quantity.kind));
  return shared ? 'relative' : 'absolute';
}

/** The quantity in words, for a line of the report. */
export function describeQuantity(check: Check): string {
  const { quantity } = check;
  switch (quantity.kind) {
    case 'ratio':
      return `${check.row}, ${check.of} over ${quantity.to}`;
    case 'relative':
      return quantity.to === check.of && quantity.other !== undefined
        ? `${check.of}, ${check.row} relative to ${quantity.other.row}`
        : `${check.row}, performance of ${check.of} relative to ${quantity.to}${otherRow(check.row, quantity.other)}`;
    case 'loss':
      return `${check.row}, loss of ${check.of} in percent`;
    case 'off-request':
      return `${check.row} of ${check.of}, points off the request`;
    case 'difference':
      return `${check.row}, ${check.of} minus ${quantity.to}, in ${quantity.unit}`;
    case 'per-megabyte':
      return `${check.row} on ${check.of}, ${quantity.unit} per megabyte`;
    case 'value':
      return `${check.row} of ${check.of}, ${quantity.unit}`;
    case 'line-rate':
      return `${check.row} of ${check.of} over the line rate`;
  }
}

function otherRow(row: string, other: CheckedRow | undefined): string {
  return other === undefined || other.row === row ? '' : ` at ${other.row}`;
}

/** The quantity as the published table has it, or null where a value is not given. */
export function publishedQuantity(check: Check, table: ReferenceTable): number | null {
  const value = tableValue(table, check.row, check.of);
  if (value === null) return null;
  const { quantity } = check;
  switch (quantity.kind) {
    case 'per-megabyte':
      return value / quantity.megabytes;
    case 'value':
      return value;
    case 'line-rate':
    case 'loss':
      return null;
    case 'off-request':
      return publishedShare(table, check.row, check.of, 0)?.deviation ?? null;
    case 'ratio':
    case 'relative':
    case 'difference': {
      const base = tableValue(table, check.row, quantity.to);
      if (base === null) return null;
      if (quantity.kind === 'difference') return value - base;
      return quantity.kind === 'relative' && table.lowerIsBetter === true ? base / value : value / base;
    }
  }
}
