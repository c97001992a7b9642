import type { ClaimCheck, ClaimResult, Report } from '../../model/document.js';
import { shortTitle } from '../../narrative/headline-figures.js';
import { formatInstant, formatRatio, plainLine } from '../../narrative/format.js';

/** Title, subtitle, comparability, headlines and claims, as the templates want them. */
export function headView(report: Report): Record<string, unknown> {
  const measured = report.systems.filter((system) => system.origin !== 'published');
  return {
    title: plainLine(report.title),
    // A line breaks neither in a name nor between `Table` and its number.
    titleWords: plainLine(report.title).split(/ (?!\d)/),
    partial: plainLine(report.partial ?? ''),
    banner: plainLine(report.emulated.banner ?? ''),
    systems: report.publishedOnly
      ? plainLine(report.paper.authors.join(', '))
      : measured.map((system) => plainLine(system.label)).join(', '),
    period: report.publishedOnly ? plainLine(`${report.paper.title}. ${report.paper.venue}.`) : periodOf(report),
    runs: report.provenance.runs.map((run) => plainLine(run.run)),
    fair: report.differences === null ? undefined : fairness(report.differences),
    comparable: report.comparable,
    comparableTitle: COMPARABLE_TITLES[report.comparable.verdict],
    precision: precisionView(report.precision),
    floors: plainLine(report.floors?.statement ?? ''),
    headlines: report.headlines.map(plainLine),
    claims: report.publishedOnly ? [] : claimGroups(report),
    method: report.provenance.statistics.method,
  };
}

/** Whether something other than the platform differs. */
function fairness({ statement, blocking, unread }: NonNullable<Report['differences']>): object {
  const verdict = blocking > 0 ? 'no' : unread.length > 0 ? 'open' : 'yes';
  return { statement: plainLine(statement), verdict };
}

function precisionView({ statement, imprecise, unknown }: Report['precision']): object | undefined {
  if (statement === null) return undefined;
  const good = imprecise === 0 && unknown === 0;
  return {
    statement: plainLine(statement),
    good,
    title: good ? 'Precise' : imprecise > 0 ? 'Imprecise in part' : 'Precision',
  };
}

const COMPARABLE_TITLES: Readonly<Record<Report['comparable']['verdict'], string>> = {
  yes: 'Comparable with the paper',
  partly: 'Comparable with the paper in part',
  no: 'Not comparable with the paper',
};

function periodOf(report: Report): string {
  if (report.measuredFrom === null) return 'nothing measured here: imported or published values only';
  const from = formatInstant(report.measuredFrom);
  const to = formatInstant(report.measuredTo ?? report.measuredFrom);
  if (from === to) return from;
  const [day, clock] = to.split(', ');
  return from.startsWith(`${day ?? ''},`) ? `${from.replace(' UTC', '')} to ${clock ?? to}` : `${from} to ${to}`;
}

/** Claims under the exhibit that they are about; one group needs no heading. */
function claimGroups(report: Report): object[] {
  const groups = report.exhibits.flatMap((exhibit) => {
    const claims = report.claims.filter((claim) => claim.exhibit === exhibit.id);
    if (claims.length === 0 || exhibit.role === 'suite') return [];
    return [{ id: `claims-${exhibit.id}`, title: plainLine(shortTitle(exhibit.title)), claims: claims.map(claimView) }];
  });
  return groups.map((group) => ({ ...group, several: groups.length > 1 }));
}

const VERDICTS = [
  'reproduced',
  'contradicted',
  'inconclusive',
  'not comparable',
  'not measured',
  'not judged',
] as const;

/** `1 reproduced, 2 not measured`; empty without claims. */
export function claimCounts(claims: readonly ClaimResult[]): string {
  return VERDICTS.flatMap((verdict) => {
    const count = claims.filter((claim) => claim.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  }).join(', ');
}

function claimView(claim: ClaimResult): Record<string, unknown> {
  return {
    key: claim.id,
    text: micro(claim.text),
    where: `section ${claim.where}${claim.page === null ? '' : `, page ${claim.page}`}`,
    verdict: claim.verdict,
    verdictClass: verdictClass(claim.verdict),
    why: plainLine(claim.why),
    interpretation: plainLine(claim.interpretation),
    rule: plainLine(micro(claim.rule)),
    paper: paperLine(claim),
    checks: claim.checks.map((check) => checkView(check, `${check.quantity} [${check.target}]`)),
  };
}

/** A comparison of a claim, with its quantity in words. */
export function checkView(check: ClaimCheck, quantity: string): Record<string, unknown> {
  const { low, high, verdict } = check;
  return {
    quantity: plainLine(micro(quantity)),
    observed: formatRatio(check.observed),
    interval: low === null || high === null ? 'no interval' : `${formatRatio(low)} – ${formatRatio(high)}`,
    expected: expectedLine(check),
    verdict,
    verdictClass: verdictClass(verdict),
  };
}

function expectedLine({ expectedLow, expectedHigh }: ClaimResult['checks'][number]): string {
  if (expectedLow === null) return expectedHigh === null ? 'any' : `≤ ${formatRatio(expectedHigh)}`;
  return expectedHigh === null
    ? `≥ ${formatRatio(expectedLow)}`
    : `${formatRatio(expectedLow)} – ${formatRatio(expectedHigh)}`;
}

/** Whether the sentence agrees with the paper's own numbers: they need not. */
function paperLine({ paper }: ClaimResult): string {
  const why = micro(paper.why);
  switch (paper.verdict) {
    case 'reproduced':
      return `The paper’s own numbers agree with the sentence: ${why}.`;
    case 'contradicted':
      return `The paper’s own numbers disagree with the sentence: ${why}.`;
    case 'inconclusive':
      return `The paper’s own numbers do not decide it: ${why}.`;
    case 'not comparable':
    case 'not measured':
    case 'not judged':
      return '';
  }
}

/** The reference data are ASCII: `us` is the microsecond. */
export function micro(text: string): string {
  return text.replace(/\bus\b/g, 'µs');
}

/** `not comparable` as a class of the style sheet. */
export function verdictClass(verdict: string): string {
  return `verdict-${verdict.replaceAll(' ', '-')}`;
}
