import type { Evidence } from './cells.js';
import type { TableDefinition } from './exhibits/definition.js';
import { isForeign, judgeAgainst, QUICK_WHY } from './judge.js';
import { ratios } from './normalize.js';
import { checksOf, claimKind, describeQuantity, publishedQuantity, type Check } from './reference/checks.js';
import { referenceById, type Claim, type Reference } from './reference/index.js';
import { TABLE_2_METRICS } from './reference/rows.js';
import { mean } from './statistics/descriptive.js';
import { differenceInterval, meanInterval, type Interval } from './statistics/intervals.js';
import { seriesKey, type Series } from './summarize.js';
import type { ClaimCheck, ClaimResult } from './document.js';
import type { System, Verdict } from './types.js';

/** Every claim of an exhibit, held against what was measured and against the paper's own table. */
export function judgeClaims(definition: TableDefinition, evidence: Evidence, seed: string): ClaimResult[] {
  const reference = referenceById(definition.reference);
  return definition.claims.flatMap((id) => {
    const claim = reference.claims?.find((candidate) => candidate.id === id);
    return claim === undefined ? [] : [judgeClaim(claim, reference, definition, evidence, seed)];
  });
}

function judgeClaim(
  claim: Claim,
  reference: Reference,
  definition: TableDefinition,
  evidence: Evidence,
  seed: string,
): ClaimResult {
  const asked = checksOf(claim);
  const results = asked.map((check) => judgeCheck(check, definition, evidence, seed));
  const kind = claimKind(claim);
  const { verdict, why } = combine(results, kind);
  return {
    id: claim.id,
    reference: reference.id,
    where: claim.where,
    text: claim.text,
    exhibit: definition.id,
    kind,
    verdict,
    why,
    checks: results.flatMap((result) => ('check' in result ? [result.check] : [])),
    publishedTable: compareWithTable(asked, reference),
  };
}

type CheckResult = { readonly check: ClaimCheck } | { readonly unmeasured: string };

function judgeCheck(check: Check, definition: TableDefinition, evidence: Evidence, seed: string): CheckResult {
  const of = standIn(check.of, evidence);
  if (of === undefined) return { unmeasured: `no target stands for ${check.of}` };
  const series = seriesOf(check.row, of, definition, evidence);
  if (series === undefined) return { unmeasured: `${of.label} has no value of ${check.row}` };
  const observed = observe(check, series, definition, evidence, seed);
  if (typeof observed === 'string') return { unmeasured: observed };
  const { center, interval, trials } = observed;
  const judged =
    series.system.profile === 'quick'
      ? { verdict: 'not comparable' as const, why: QUICK_WHY }
      : judgeAgainst(center, interval, check.band, trials);
  return {
    check: {
      metric: `${series.suite}/${series.metric}`,
      target: of.target,
      observed: center,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      expectedLow: check.band.low,
      expectedHigh: check.band.high,
      quantity: describeQuantity(check),
      verdict: judged.verdict,
      why: judged.why,
    },
  };
}

interface Observed {
  readonly center: number;
  readonly interval: Interval | null;
  readonly trials: number;
}

/** The claimed quantity of a series, or why it cannot be had. */
function observe(
  check: Check,
  series: Series,
  definition: TableDefinition,
  evidence: Evidence,
  seed: string,
): Observed | string {
  const { quantity } = check;
  const values = series.values;
  const unit = evidence.suites.find((suite) => suite.id === series.suite)?.metrics[series.metric]?.unit;
  if (quantity.kind !== 'ratio' && unit !== quantity.unit) return `${check.row} is not measured in ${quantity.unit}`;
  if (quantity.kind === 'per-megabyte') {
    const whole = meanInterval(values);
    const { megabytes } = quantity;
    const interval = whole === undefined ? null : { low: whole.low / megabytes, high: whole.high / megabytes };
    return { center: mean(values) / megabytes, interval, trials: values.length };
  }
  const to = standIn(quantity.to, evidence);
  const base = to && seriesOf(check.row, to, definition, evidence);
  if (base === undefined) return `no value of ${check.row} stands for ${quantity.to}`;
  if (isForeign(series, base))
    return `${series.system.label} was measured on another machine than ${base.system.label}`;
  const trials = Math.min(values.length, base.values.length);
  if (quantity.kind === 'difference') {
    return {
      center: mean(values) - mean(base.values),
      interval: differenceInterval(values, base.values) ?? null,
      trials,
    };
  }
  const known = evidence.ratios.get(series);
  const ratio = known?.baseline === base ? known : ratios([{ series, baseline: base }], seed).get(series);
  return ratio === undefined ? 'no ratio' : { center: ratio.center, interval: ratio.interval, trials };
}

/** The measured system that stands for a published column: measured before imported, the paper profile before quick. */
function standIn(column: string, evidence: Evidence): System | undefined {
  const candidates = evidence.systems.filter(
    (system) =>
      system.origin !== 'published' && system.counterpart?.how === 'stands' && system.counterpart.column === column,
  );
  const rank = (system: System): number =>
    (system.profile === 'paper' ? 0 : 2) + (system.origin === 'measured' ? 0 : 1);
  return candidates.sort((a, b) => rank(a) - rank(b))[0];
}

/** The series of a row on a system; the one with the most trials where they could not be pooled. */
function seriesOf(row: string, system: System, definition: TableDefinition, evidence: Evidence): Series | undefined {
  const suite = definition.suites[0] ?? '';
  const several = evidence.index.get(seriesKey(system, suite, TABLE_2_METRICS[row] ?? '')) ?? [];
  return [...several].sort((a, b) => b.values.length - a.values.length)[0];
}

const ABSOLUTE_NOTE = " An absolute time of the paper's machine: another machine need not share it.";

/** A claim holds when all its comparisons do, and fails with any of them. */
function combine(results: readonly CheckResult[], kind: ClaimResult['kind']): { verdict: Verdict; why: string } {
  const checks = results.flatMap((result) => ('check' in result ? [result.check] : []));
  const unmeasured = [...new Set(results.flatMap((result) => ('unmeasured' in result ? [result.unmeasured] : [])))];
  const note = kind === 'absolute' ? ABSOLUTE_NOTE : '';
  const of = (verdict: Verdict): readonly ClaimCheck[] => checks.filter((check) => check.verdict === verdict);
  if (kind === 'prose') return { verdict: 'not judged', why: 'The sentence has no form that can be checked.' };
  if (checks.length === 0)
    return { verdict: 'not measured', why: `Nothing to hold it against: ${unmeasured.join('; ')}.` };
  const rest = unmeasured.length === 0 ? '' : ` Not measured: ${unmeasured.join('; ')}.`;
  const count = `of ${results.length} comparisons`;
  if (of('not comparable').length > 0) return { verdict: 'not comparable', why: `${sentence(QUICK_WHY)}.${rest}` };
  if (of('contradicted').length > 0) {
    return {
      verdict: 'contradicted',
      why: `${of('contradicted').length} ${count} lie clear of the band.${rest}${note}`,
    };
  }
  if (unmeasured.length > 0) return { verdict: 'inconclusive', why: `Only in part measured.${rest}${note}` };
  if (of('inconclusive').length > 0) {
    return {
      verdict: 'inconclusive',
      why: `${of('inconclusive').length} ${count} do not decide it: ${of('inconclusive')[0]?.why ?? ''}.${note}`,
    };
  }
  return { verdict: 'reproduced', why: `All ${checks.length} comparisons lie inside the band.${note}` };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether the paper's sentence agrees with the paper's table: they need not. */
function compareWithTable(checks: readonly Check[], reference: Reference): ClaimResult['publishedTable'] {
  const table = reference.table2;
  if (table === undefined || checks.length === 0) return { agrees: null, why: 'no table to hold it against' };
  const values = checks.map((check) => ({ check, value: publishedQuantity(check, table) }));
  const outside = values.filter(
    ({ check, value }) => value === null || value < check.band.low || value > check.band.high,
  );
  if (outside.length === 0) return { agrees: true, why: 'all its values lie in the band' };
  const shown = outside.map(
    ({ check, value }) => `${describeQuantity(check)}: ${value === null ? 'not given' : value.toPrecision(4)}`,
  );
  return { agrees: false, why: shown.join('; ') };
}
