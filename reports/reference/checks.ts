import type { Unit } from '../../harness/types.js';
import { bandAround, MARGIN } from '../statistics/equivalence.js';
import type { Interval } from '../statistics/intervals.js';
import { tableValue, type Claim, type ReferenceTable } from './index.js';
import { TABLE_2_MEGABYTES } from './rows.js';

/** One comparison that a claim asserts, in a form that published and measured values are held against alike. */
export interface Check {
  readonly row: string;
  /** Published column that it is about. */
  readonly of: string;
  readonly quantity:
    | { readonly kind: 'ratio'; readonly to: string }
    | { readonly kind: 'difference'; readonly to: string; readonly unit: Unit }
    | { readonly kind: 'per-megabyte'; readonly megabytes: number; readonly unit: Unit };
  /** Where the quantity must lie for the claim to hold. */
  readonly band: Interval;
}

/** The comparisons of a claim about a table; none for a sentence that only a reader can judge. */
export function checksOf(claim: Claim): readonly Check[] {
  const checks: Check[] = [];
  for (const row of claim.ratio?.metrics ?? []) {
    const { of, to, within, value, between } = claim.ratio ?? { of: '', to: '' };
    checks.push({ row, of, quantity: { kind: 'ratio', to }, band: ratioBand(within, value, between) });
  }
  for (const row of claim.difference?.metrics ?? []) {
    const { of, to, unit = 'us', between = [0, 0] } = claim.difference ?? { of: '', to: '' };
    checks.push({ row, of, quantity: { kind: 'difference', to, unit }, band: { low: between[0], high: between[1] } });
  }
  for (const [of, cost] of Object.entries(claim.perMegabyte ?? {})) {
    for (const [row, megabytes] of Object.entries(TABLE_2_MEGABYTES)) {
      checks.push({ row, of, quantity: { kind: 'per-megabyte', megabytes, unit: 'us' }, band: bandAround(cost) });
    }
  }
  return checks;
}

function ratioBand(
  within: number | undefined,
  value: number | undefined,
  between: readonly [number, number] | undefined,
): Interval {
  if (within !== undefined) return { low: 1 - within, high: 1 + within };
  if (between !== undefined) return { low: between[0], high: between[1] };
  return bandAround(value ?? 1, MARGIN);
}

/** Whether a claim is about a ratio, which another machine can share, or about times of the paper's machine. */
export function claimKind(claim: Claim): 'relative' | 'absolute' | 'prose' {
  if (claim.ratio !== undefined) return 'relative';
  return claim.difference !== undefined || claim.perMegabyte !== undefined ? 'absolute' : 'prose';
}

/** The quantity in words, for a line of the report. */
export function describeQuantity(check: Check): string {
  const { quantity } = check;
  switch (quantity.kind) {
    case 'ratio':
      return `${check.row}, ${check.of} over ${quantity.to}`;
    case 'difference':
      return `${check.row}, ${check.of} minus ${quantity.to}, in ${quantity.unit}`;
    case 'per-megabyte':
      return `${check.row} on ${check.of}, ${quantity.unit} per megabyte`;
  }
}

/** The quantity as the published table has it, or null where a value is not given. */
export function publishedQuantity(check: Check, table: ReferenceTable): number | null {
  const value = tableValue(table, check.row, check.of);
  if (value === null) return null;
  const { quantity } = check;
  if (quantity.kind === 'per-megabyte') return value / quantity.megabytes;
  const base = tableValue(table, check.row, quantity.to);
  if (base === null) return null;
  return quantity.kind === 'ratio' ? value / base : value - base;
}
