import {
  publishedShare,
  referenceById,
  rowOfMetric,
  statementsOf,
  tableValue,
  type ReferenceRow,
  type ReferenceTable,
} from '../reference/index.js';
import type { Stated, Statement } from '../reference/schema.js';
import { isInside, isOutside } from '../statistics/equivalence.js';
import type { Interval } from '../statistics/intervals.js';
import type { Verdict } from '../model/states.js';
import type { Check, Claim, Part } from './check.js';
import { describeCheck, formatBand } from './wording.js';

/** The publication whose sentences the claims are. */
export const PAPER = 'soltesz2007';

/** How the paper's own numbers compare with its sentence. */
export interface PaperVerdict {
  readonly verdict: Extract<Verdict, 'reproduced' | 'contradicted' | 'inconclusive' | 'not judged'>;
  readonly why: string;
}

/**
 * Compares the numbers of the paper's tables, and what other sentences state of its figures, with a claim. A sentence is never
 * compared with itself.
 */
export function judgeByPaper(claim: Claim): PaperVerdict {
  const known = claim.checks.map((check) => ({ check, value: publishedQuantity(check, claim.quotations) }));
  const outside = known.filter(({ check, value }) => value !== null && isOutside(value, check.band));
  const inside = known.filter(({ check, value }) => value !== null && isInside(value, check.band));
  const shown = ({ check, value }: (typeof known)[number]): string =>
    `${describeCheck(check)}: ${value === null ? 'not given' : formatBand(value)}, expected ${formatBand(check.band)}`;
  const count = `of ${known.length} comparisons`;
  if (outside.length > 0) return { verdict: 'contradicted', why: outside.map(shown).join('; ') };
  if (known.every(({ value }) => value === null)) {
    return { verdict: 'not judged', why: 'the paper prints no number for it but the sentence itself' };
  }
  if (inside.length === known.length) {
    return {
      verdict: 'reproduced',
      why: known.length === 1 ? 'its number agrees' : `all ${known.length} numbers agree`,
    };
  }
  return { verdict: 'inconclusive', why: `its numbers decide ${inside.length} ${count}` };
}

/** The quantity of a check by the paper, as far as it is stated outside of the given quotations; null where it is not. */
export function publishedQuantity(check: Check, except: readonly string[]): Interval | null {
  if (check.kind === 'majority-worse') return null;
  if (check.kind !== 'greatest') return publishedPart(check, except);
  const all = check.parts.map((part) => {
    const value = publishedPart(part, except);
    return value !== null && check.magnitude === true ? sizes(value) : value;
  });
  const known = all.flatMap((value) => value ?? []);
  if (known.length === 0) return null;
  const low = Math.max(...known.map((value) => value.low));
  return { low, high: known.length < all.length ? Infinity : Math.max(...known.map(({ high }) => high)) };
}

function sizes({ low, high }: Interval): Interval {
  const [a, b] = [Math.abs(low), Math.abs(high)];
  return { low: low <= 0 && high >= 0 ? 0 : Math.min(a, b), high: Math.max(a, b) };
}

function publishedPart(part: Part, except: readonly string[]): Interval | null {
  const found = rowOfMetric(referenceById(PAPER), part.metric);
  if (found?.row.label !== part.row) return statedPart(part, except);
  const value = tabulated(part, found.table, found.row);
  return value === null ? null : { low: value, high: value };
}

function tabulated(
  { row, column, quantity }: Part,
  table: ReferenceTable,
  { lowerIsBetter }: ReferenceRow,
): number | null {
  const value = tableValue(table, row, column);
  if (value === null) return null;
  switch (quantity.kind) {
    case 'per-megabyte':
      return value / quantity.megabytes;
    case 'value':
      return value;
    case 'off-request':
      return publishedShare(table, row, column, 0)?.deviation ?? null;
    case 'ratio':
    case 'relative':
    case 'difference': {
      const base = tableValue(table, row, quantity.to);
      if (base === null) return null;
      if (quantity.kind === 'difference') return value - base;
      return quantity.kind === 'relative' && lowerIsBetter === true ? base / value : value / base;
    }
    case 'line-rate':
    case 'loss':
    case 'of-request':
      return null;
  }
}

function statedPart(part: Part, except: readonly string[]): Interval | null {
  const { column, metric, quantity } = part;
  const direct = statementFor(part, except);
  if (direct !== undefined) return rangeOf(direct.stated);
  if (quantity.kind !== 'relative' && quantity.kind !== 'ratio') return null;
  const other = quantity.other?.metric ?? metric;
  const swapped = statementFor(
    { ...part, metric: other, column: quantity.to, quantity: { ...quantity, to: column, other: { row: '', metric } } },
    except,
  );
  if (swapped !== undefined) return reciprocal(rangeOf(swapped.stated));
  const own = lineRate(metric, column, except);
  const base = lineRate(other, quantity.to, except);
  return own === undefined || base === undefined ? null : { low: own.low / base.high, high: own.high / base.low };
}

function statementFor({ column, metric, quantity }: Part, except: readonly string[]): Statement | undefined {
  return statementsOf(referenceById(PAPER), metric, column).find((statement) => {
    if (statement.quantity !== quantity.kind || except.includes(statement.quotation)) return false;
    if (!('to' in quantity)) return true;
    const other = 'other' in quantity ? quantity.other.metric : metric;
    return statement.to === quantity.to && (statement.other ?? metric) === other;
  });
}

function lineRate(metric: string, column: string, except: readonly string[]): Interval | undefined {
  const found = statementsOf(referenceById(PAPER), metric, column).find(
    ({ quantity, quotation }) => quantity === 'line-rate' && !except.includes(quotation),
  );
  return found && rangeOf(found.stated);
}

/** Where a quantity lies by a statement: an end that is not stated is infinite. */
export function rangeOf(stated: Stated): Interval {
  if (stated.kind === 'value') return { low: stated.value, high: stated.value };
  return { low: stated.low ?? -Infinity, high: stated.high ?? Infinity };
}

function reciprocal({ low, high }: Interval): Interval {
  const inverse = (value: number): number => (value === Infinity ? 0 : value > 0 ? 1 / value : Infinity);
  return { low: inverse(high), high: inverse(low) };
}
