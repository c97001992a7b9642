import { baselineOf } from './baselines.js';
import { figureHeadlines, shortTitle } from './headline-figures.js';
import { scatterHeadlines } from './headline-scatter.js';
import { shareHeadlines } from './headline-shares.js';
import { counted, formatDuration, sentence } from './format.js';
import { rangeOf, ratioClauses } from './headline-ratios.js';
import { whyNoRatio } from './notes.js';
import type { Simultaneous } from '../model/simultaneous.js';
import type { ClaimResult, Exhibit, Report, TableExhibit } from '../model/document.js';
import type { PrecisionCount } from '../model/precision.js';
import { verdicts } from '../model/states.js';
import type { Cell, System, Trial } from '../model/types.js';

interface Findings {
  readonly precision: PrecisionCount;
  readonly systems: readonly System[];
  readonly exhibits: readonly Exhibit[];
  readonly cells: readonly Cell[];
  readonly claims: readonly ClaimResult[];
  readonly trials: readonly Trial[];
  readonly simultaneous: readonly Simultaneous[];
}

/** The main results in sentences; every number in them is in a table below. */
export function headlinesOf(findings: Findings): string[] {
  return [
    ...findings.exhibits
      .filter((exhibit) => exhibit.role === 'exhibit')
      .flatMap((exhibit) =>
        exhibit.kind === 'scatter'
          ? scatterHeadlines(exhibit)
          : exhibit.kind === 'figure'
            ? figureHeadlines(exhibit, findings.systems, findings.cells)
            : exhibit.quantity === 'request'
              ? shareHeadlines(exhibit, findings.systems, findings.cells)
              : tableHeadlines(exhibit, findings),
      ),
    ...simultaneityHeadline(findings.simultaneous),
    ...claimHeadline(findings.claims),
    ...trialHeadline(findings),
  ];
}

function tableHeadlines(table: TableExhibit, { systems, cells }: Findings): string[] {
  const name = shortTitle(table.title);
  const lines = table.columns.flatMap((key, column) => {
    const system = systems.find((candidate) => candidate.key === key);
    if (system === undefined || system.baseline || system.origin === 'published') return [];
    const own = table.rows.flatMap((row) =>
      (row.cells[column] ?? []).flatMap((at) => {
        const cell = cells[at];
        return cell?.ratio === null || cell === undefined ? [] : [{ label: row.label, cell, ratio: cell.ratio }];
      }),
    );
    if (own.length === 0) return [`${system.label}: ${whyNone(table, column, cells)}`];
    const clauses = ratioClauses(own, ofRows(own.length, name), baselineOf(system, systems) ?? 'the baseline');
    return [`${system.label}: ${clauses}; ${differing(own)}${ofImprecise(own)}.`];
  });
  const published = table.publishedColumns.slice(1).flatMap((column, offset) => {
    const ratios = table.rows.flatMap((row) => row.published[offset + 1]?.ratio ?? []);
    if (ratios.length === 0) return [];
    return [`${column} ${rangeOf(ratios)}`];
  });
  const paper = `In the paper the same rows are: ${published.join(', ')} times ${table.publishedColumns[0] ?? ''}.`;
  return published.length === 0 ? lines : [...lines, paper];
}

/** Why a system has no ratio in a whole table: the note of its first cell. */
function whyNone(table: TableExhibit, column: number, cells: readonly Cell[]): string {
  const first = cells[table.rows[0]?.cells[column]?.[0] ?? -1];
  const why = first?.state === 'value' ? whyNoRatio(first.notes) : first?.why;
  return sentence(`no ratio in ${shortTitle(table.title)}${why === undefined || why === null ? '' : `; ${why}`}`);
}

function ofRows(rows: number, name: string): string {
  return rows === 1 ? `the row of ${name}` : `the ${rows} rows of ${name}`;
}

/** How many of the ratios are of imprecise values. */
function ofImprecise(own: readonly { readonly cell: Cell }[]): string {
  const number = own.filter(({ cell }) => cell.notes.some(({ kind }) => kind === 'imprecise ratio')).length;
  if (number === 0) return '';
  return `; ${number} of ${counted(own.length, 'ratio')} ${number === 1 ? 'is' : 'are'} of imprecise values`;
}

/** Up to this many rows are named one by one. */
const MAX_NAMED = 3;
/** Level of the tests, after adjustment for all of the exhibit. */
const LEVEL = 0.05;

/** Which rows differ from the baseline, by p values that are adjusted for every test of the exhibit. */
function differing(own: readonly { readonly label: string; readonly cell: Cell }[]): string {
  const tested = own.filter(({ cell }) => (cell.difference?.holmP ?? null) !== null);
  if (tested.length === 0) return 'too few trials to test for differences';
  const found = tested.filter(({ cell }) => (cell.difference?.holmP ?? 1) < LEVEL);
  const ofTested = `of ${tested.length} tested`;
  if (found.length === 0) return `none ${ofTested} differs from it (Holm-adjusted)`;
  const named = found.map(({ label, cell }) => `${label} ${(cell.ratio ?? 0).toFixed(2)}`);
  const list = found.length > MAX_NAMED ? '' : `: ${named.join(', ')}`;
  return `${found.length} ${ofTested} differ${found.length === 1 ? 's' : ''} from it (Holm-adjusted)${list}`;
}

/** The worst of all workloads and systems: what the others do better is in the table. */
function simultaneityHeadline(simultaneous: readonly Simultaneous[]): string[] {
  const known = simultaneous.flatMap(({ releaseSkewNs, overlap, n }) =>
    releaseSkewNs === null || overlap === null ? [] : [{ releaseSkewNs, overlap, n }],
  );
  if (known.length === 0) return [];
  const trials = known.reduce((sum, { n }) => sum + n, 0);
  const median = Math.max(...known.map(({ releaseSkewNs }) => releaseSkewNs.median));
  const worst = Math.max(...known.map(({ releaseSkewNs }) => releaseSkewNs.worst));
  const overlap = Math.min(...known.map((one) => one.overlap.worst));
  return [
    `Guests of one trial were released within ${formatDuration(median)} of each other (the median where it is largest), at worst within ` +
      `${formatDuration(worst)}, and ran together for at least ${(100 * overlap).toFixed(1)} % of their time, over ${counted(trials, 'trial')} of several guests.`,
  ];
}

function claimHeadline(claims: readonly ClaimResult[]): string[] {
  if (claims.length === 0) return [];
  const parts = verdicts.flatMap((verdict) => {
    const number = claims.filter((claim) => claim.verdict === verdict).length;
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const exhibits = new Set(claims.map((claim) => claim.exhibit)).size;
  const contradicted = claims.filter((claim) => claim.verdict === 'contradicted');
  const onlyAbsolute = contradicted.length > 0 && contradicted.every((claim) => claim.kind === 'absolute');
  const note = onlyAbsolute ? " What is contradicted is an absolute value of the paper's machine." : '';
  return [
    `Of ${counted(claims.length, 'claim')} of the paper about ${exhibits === 1 ? 'it' : 'them'}: ${parts.join(', ')}.${note}`,
  ];
}

function trialHeadline({ systems, trials: all, precision }: Findings): string[] {
  const published = new Set(systems.filter((system) => system.origin === 'published').map((system) => system.key));
  const trials = all.filter((trial) => !published.has(trial.system));
  if (trials.length === 0 && all.length > 0) return ['Nothing was measured: every value is published.'];
  const attempts = trials.filter((trial) => trial.status !== 'pending');
  const good = attempts.filter((trial) => trial.status === 'collected');
  const rest = (['failed', 'void', 'skipped'] as const).flatMap((status) => {
    const number = attempts.filter((trial) => trial.status === status).length;
    return number === 0 ? [] : [`${number} ${status}`];
  });
  const incomplete = good.filter((trial) => trial.missing.length > 0 || trial.why !== null).length;
  const pending = trials.length - attempts.length;
  const parts = [
    ...rest,
    ...(incomplete > 0 ? [`${incomplete} with missing values`] : []),
    ...(pending > 0 ? [`${pending} not run yet`] : []),
  ];
  const summary = parts.length === 0 ? 'all complete' : parts.join(', ');
  return [`${good.length} of ${counted(attempts.length, 'trial')} collected: ${summary}${precisionClause(precision)}.`];
}

/** That trials are complete does not make their values precise. */
function precisionClause({ values, imprecise, unknown }: PrecisionCount): string {
  if (values === 0) return unknown === 0 ? '' : '; precision unknown';
  return imprecise === 0 ? '; no value is imprecise' : `; ${imprecise} of ${values} values are imprecise`;
}

/** Whether anything in the report may be compared with published values. */
export function comparability(systems: readonly System[]): Report['comparable'] {
  const own = systems.filter((system) => system.origin !== 'published');
  const emulated = own.filter((system) => system.emulated);
  const quick = own.filter((system) => system.profile === 'quick');
  const other = own.filter((system) => system.profile === 'unknown');
  if (own.length === 0) return { verdict: 'no', why: 'Nothing was measured: only published values are shown.' };
  if (emulated.length === own.length) {
    return {
      verdict: 'no',
      why: 'Measured on emulated machines: neither times nor ratios apply to real ones.',
    };
  }
  if (quick.length === own.length) {
    return {
      verdict: 'no',
      why:
        'Measured at the quick profile: smaller sizes and fewer repetitions than the paper. Compare the systems with each other, ' +
        'not with the published values, which are shown next to them for orientation.',
    };
  }
  const machines = 'Times depend on the machine; ratios to the baseline are what another machine can reproduce.';
  if (quick.length + other.length === own.length) {
    return {
      verdict: 'no',
      why: "Nothing was measured at the paper's sizes. Compare systems of one size with each other.",
    };
  }
  if (quick.length + other.length > 0) {
    const named = (systems: readonly System[], because: string): string[] =>
      systems.length === 0 ? [] : [`because of ${because}: ${systems.map(({ label }) => label).join(', ')}`];
    const reasons = [...named(quick, 'the quick profile'), ...named(other, 'other or unknown sizes')];
    return { verdict: 'partly', why: `Not comparable with the paper, ${reasons.join('; ')}. ${machines}` };
  }
  return { verdict: 'yes', why: `At the paper's sizes. ${machines}` };
}
