import type { Evidence } from '../analysis/cells.js';
import { describeUndecided } from '../analysis/judge.js';
import type { ClaimCheck, ClaimResult } from '../model/document.js';
import type { ExhibitDefinition } from '../model/exhibit.js';
import type { Verdict } from '../model/states.js';
import { judgeFamily, type Equivalence } from '../statistics/family.js';
import { CONFIDENCE } from '../statistics/intervals.js';
import type { Check, Claim } from './check.js';
import { measure, standIn, type FindSystem, type Measurement } from './observation.js';
import { judgeByPaper, PAPER, type PaperVerdict } from './paper.js';
import { quotationById } from './quotations.js';
import { claims } from './registry.js';
import { describeCheck, describeRule } from './wording.js';

/** Every claim of an exhibit, compared with what was measured and with the paper's own numbers. */
export function judgeClaims({ id }: Pick<ExhibitDefinition, 'id'>, evidence: Evidence): ClaimResult[] {
  return claims.filter(({ exhibit }) => exhibit === id).map((claim) => judgeClaim(claim, evidence));
}

function judgeClaim(claim: Claim, evidence: Evidence): ClaimResult {
  const paper = judgeByPaper(claim);
  const results = judgeChecks(claim.checks, evidence);
  const kind = claimKind(claim);
  const { verdict, why } = isOnlyPublished(claim, evidence) ? byPaperAlone(paper) : combine(results, kind);
  return {
    ...quotedClaim(claim),
    verdict,
    why,
    checks: results.flatMap((result) => ('check' in result ? [result.check] : [])),
    paper,
  };
}

/** A claim without its verdicts: its sentences, where they are, and how they were read. */
export function quotedClaim(claim: Claim): Omit<ClaimResult, 'verdict' | 'why' | 'checks' | 'paper'> {
  const quoted = claim.quotations.map(quotationById);
  return {
    id: claim.id,
    reference: PAPER,
    where: [...new Set(quoted.map(({ section }) => section))].join(', '),
    page: quoted[0]?.page ?? null,
    text: quoted.map(({ text }) => text).join(' … '),
    interpretation: claim.interpretation,
    rule: describeRule(claim.checks),
    exhibit: claim.exhibit,
    kind: claimKind(claim),
  };
}

type CheckResult = { readonly check: ClaimCheck } | { readonly unmeasured: string };

/** All checks of a claim are one family: those that were measured share one error rate. */
export function judgeChecks(
  checks: readonly Check[],
  evidence: Evidence,
  find: FindSystem = standIn,
): readonly CheckResult[] {
  const all = checks.map((check) => ({ check, measured: measure(check, evidence, find) }));
  const family = all.flatMap(({ check, measured }) =>
    typeof measured === 'string' ? [] : [{ check, measured, observed: measured.observed, band: check.band }],
  );
  const judged = judgeFamily(family);
  const byCheck = new Map(family.map((one, index) => [one.check, judged[index]]));
  return all.map(({ check, measured }): CheckResult => {
    if (typeof measured === 'string') return { unmeasured: measured };
    return { check: checkResult(check, measured, byCheck.get(check)) };
  });
}

function checkResult(
  check: Check,
  { observed, metric, system, incomparable, observations }: Measurement,
  judged?: Equivalence,
): ClaimCheck {
  const interval = observed.interval(CONFIDENCE);
  const comparable = incomparable === undefined && judged !== undefined;
  return {
    metric,
    target: system.target,
    observed: observed.center,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    expectedLow: finite(check.band.low),
    expectedHigh: finite(check.band.high),
    quantity: describeCheck(check),
    verdict: comparable ? judged.verdict : 'not comparable',
    why: comparable ? describeUndecided(observed, judged, observations) : (incomparable ?? null),
    holmP: comparable ? judged.holmP : null,
  };
}

function finite(end: number): number | null {
  return Number.isFinite(end) ? end : null;
}

/** Whether the systems of the claim are in the report by the paper's own values, and none of them is measured. */
export function isOnlyPublished({ checks }: Claim, { systems }: Pick<Evidence, 'systems'>): boolean {
  const columns = new Set(
    checks.flatMap((check) => (check.kind === 'greatest' ? check.parts.map(({ column }) => column) : [check.column])),
  );
  const own = systems.filter(({ counterpart }) => counterpart?.how === 'reproduces' && columns.has(counterpart.column));
  return own.every(({ origin }) => origin === 'published') && own.some(({ host }) => host === PAPER);
}

function byPaperAlone({ verdict, why }: PaperVerdict): { verdict: Verdict; why: string } {
  return { verdict, why: `Nothing was measured; by the paper’s own numbers: ${why}.` };
}

/** Quantities that another machine can share. */
const RELATIVE: readonly string[] = ['ratio', 'relative', 'loss', 'off-request', 'of-request'];

/** Whether a claim is about ratios, which another machine can share, or also about values of the paper's machine. */
export function claimKind({ checks }: Claim): ClaimResult['kind'] {
  const kinds = checks.flatMap((check) => {
    if (check.kind === 'majority-worse') return [];
    return check.kind === 'greatest' ? check.parts.map(({ quantity }) => quantity.kind) : [check.quantity.kind];
  });
  return kinds.every((kind) => RELATIVE.includes(kind)) ? 'relative' : 'absolute';
}

const ABSOLUTE_NOTE = " An absolute value of the paper's machine: another machine need not share it.";

/** A claim holds when all its comparisons do, and fails with any of them. */
export function combine(results: readonly CheckResult[], kind: ClaimResult['kind']): { verdict: Verdict; why: string } {
  const checks = results.flatMap((result) => ('check' in result ? [result.check] : []));
  const unmeasured = [...new Set(results.flatMap((result) => ('unmeasured' in result ? [result.unmeasured] : [])))];
  const note = kind === 'absolute' ? ABSOLUTE_NOTE : '';
  const withVerdict = (verdict: Verdict): readonly ClaimCheck[] => checks.filter((check) => check.verdict === verdict);
  if (checks.length === 0) return { verdict: 'not measured', why: `Nothing to compare: ${unmeasured.join('; ')}.` };
  const rest = unmeasured.length === 0 ? '' : ` Not measured: ${unmeasured.join('; ')}.`;
  const count = results.length === 1 ? 'the only comparison' : `${results.length} comparisons`;
  const incomparable = withVerdict('not comparable')[0]?.why;
  if (incomparable !== undefined && incomparable !== null) {
    return { verdict: 'not comparable', why: `${sentence(incomparable)}.${rest}` };
  }
  if (withVerdict('contradicted').length > 0) {
    const number = results.length === 1 ? count : `${withVerdict('contradicted').length} of ${count}`;
    return {
      verdict: 'contradicted',
      why: `Outside the band, adjusted for the number of comparisons: ${number}.${rest}${note}`,
    };
  }
  if (unmeasured.length > 0) return { verdict: 'inconclusive', why: `Only in part measured.${rest}${note}` };
  if (withVerdict('inconclusive').length > 0) {
    const open = withVerdict('inconclusive');
    const number = results.length === 1 ? count : `${open.length} of ${count}`;
    return { verdict: 'inconclusive', why: `Undecided: ${number}; ${open[0]?.why ?? ''}.${note}` };
  }
  const all = results.length === 1 ? 'The only comparison lies' : `All ${checks.length} comparisons lie`;
  return { verdict: 'reproduced', why: `${all} inside the band.${note}` };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
