import type { ClaimResult, Report } from '../document.js';
import { formatInstant, formatRatio, plainLine } from './format.js';

/** Title, subtitle, comparability, headlines and claims, as the templates want them. */
export function headView(report: Report): Record<string, unknown> {
  const measured = report.systems.filter((system) => system.origin !== 'published');
  return {
    title: plainLine(report.title),
    systems: measured.map((system) => plainLine(system.label)).join(', '),
    period: periodOf(report),
    runs: report.provenance.runs.map((run) => plainLine(run.run)),
    comparable: report.comparable,
    comparableTitle: COMPARABLE_TITLES[report.comparable.verdict],
    headlines: report.headlines.map(plainLine),
    claims: report.claims.map(claimView),
    marginPercent: `${report.provenance.statistics.margin * 100} %`,
    confidencePercent: `${report.provenance.statistics.confidence * 100} %`,
    resamples: report.provenance.statistics.resamples.toLocaleString('en-US'),
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

function claimView(claim: ClaimResult): Record<string, unknown> {
  return {
    text: micro(claim.text),
    where: `section ${claim.where}`,
    verdict: claim.verdict,
    verdictClass: verdictClass(claim.verdict),
    why: plainLine(claim.why),
    table:
      claim.publishedTable.agrees === null
        ? ''
        : claim.publishedTable.agrees
          ? 'The paper’s own table agrees with the sentence.'
          : `The paper’s own table does not agree with the sentence (${micro(claim.publishedTable.why)}).`,
    checks: claim.checks.map((check) => ({
      quantity: plainLine(`${micro(check.quantity)} [${check.target}]`),
      observed: formatRatio(check.observed),
      interval:
        check.low === null || check.high === null
          ? 'no interval'
          : `${formatRatio(check.low)} – ${formatRatio(check.high)}`,
      expected: `${formatRatio(check.expectedLow)} – ${formatRatio(check.expectedHigh)}`,
      verdict: check.verdict,
      verdictClass: verdictClass(check.verdict),
    })),
  };
}

/** The reference data are ASCII: `us` is the microsecond. */
function micro(text: string): string {
  return text.replace(/\bus\b/g, 'µs');
}

/** `not comparable` as a class of the style sheet. */
export function verdictClass(verdict: string): string {
  return `verdict-${verdict.replaceAll(' ', '-')}`;
}
