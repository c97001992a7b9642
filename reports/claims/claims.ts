import type { Evidence } from '../analysis/cells.js';
import type { ExhibitDefinition } from '../model/exhibit.js';
import { judgeAgainst, whyNotComparable } from '../analysis/judge.js';
import { observe, seriesOf, standIn } from './observation.js';
import type { Check } from './check.js';
import { checksOf, claimKind, describeQuantity, publishedQuantity } from './checks.js';
import { referenceById, type Claim, type Reference, type ReferenceTable } from '../reference/index.js';
import type { ClaimCheck, ClaimResult } from '../model/document.js';
import type { Verdict } from '../model/states.js';

/** Every claim of an exhibit, held against what was measured and against the paper's own table. */
export function judgeClaims(definition: ExhibitDefinition, evidence: Evidence): ClaimResult[] {
  const reference = referenceById(definition.reference);
  return definition.claims.flatMap((id) => {
    const claim = reference.claims?.find((candidate) => candidate.id === id);
    return claim === undefined ? [] : [judgeClaim(claim, reference, definition, evidence)];
  });
}

function judgeClaim(
  claim: Claim,
  reference: Reference,
  definition: ExhibitDefinition,
  evidence: Evidence,
): ClaimResult {
  const asked = checksOf(claim);
  const results = asked.map((check) => judgeCheck(check, evidence));
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
    publishedTable:
      definition.kind === 'figure'
        ? { agrees: null, why: 'the figure has no printed values to hold it against' }
        : compareWithTable(asked, reference[definition.table]),
  };
}

type CheckResult = { readonly check: ClaimCheck } | { readonly unmeasured: string };

function judgeCheck(check: Check, evidence: Evidence): CheckResult {
  const of = standIn(check.of, check.metric, evidence);
  if (of === undefined) return { unmeasured: `no target stands for ${check.of}` };
  const series = seriesOf(check.metric, of, evidence);
  if (series === undefined) return { unmeasured: `${of.label} has no value of ${check.row}` };
  const observed = observe(check, series, evidence);
  if (typeof observed === 'string') return { unmeasured: observed };
  const { center, interval, trials } = observed;
  const incomparable = whyNotComparable(series.system);
  const judged =
    incomparable !== undefined
      ? { verdict: 'not comparable' as const, why: incomparable }
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

const ABSOLUTE_NOTE = " An absolute value of the paper's machine: another machine need not share it.";

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
  const incomparable = of('not comparable')[0]?.why;
  if (incomparable !== undefined && incomparable !== null) {
    return { verdict: 'not comparable', why: `${sentence(incomparable)}.${rest}` };
  }
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
function compareWithTable(checks: readonly Check[], table: ReferenceTable | undefined): ClaimResult['publishedTable'] {
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
