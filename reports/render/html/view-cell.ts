import type { PublishedShare } from '../../model/document.js';
import type { Cell } from '../../model/types.js';
import {
  describeTool,
  formatCenter,
  formatInterval,
  formatP,
  formatPoints,
  formatPointsInterval,
  formatPublished,
  formatRatio,
  formatRatioInterval,
  plainLine,
  type Scale,
} from '../../narrative/format.js';
import { impreciseRatioText, precisionText } from '../../narrative/precision.js';
import { floorText } from '../view/rows.js';
import type { TrialLinks } from './trial-links.js';
import { verdictClass } from './view-head.js';

/** Verdicts on a single cell. The others are printed once, in the head of the column. */
export const CELL_VERDICTS: readonly string[] = ['reproduced', 'contradicted', 'inconclusive'];

/** What the head of a column shows, so that its cells need not. */
export interface CellColumn {
  readonly baseline: boolean;
  /** Some cell of the row has several numbers, which then show their suite version. */
  readonly several: boolean;
  /** The tools, where they are the same in the whole column. */
  readonly tools: string | undefined;
}

/** One number with its interval and comparisons, or why there is none. */
export function cellView(
  cell: Cell,
  scale: Scale,
  column: CellColumn,
  publishedRequest: PublishedShare | null,
  links: TrialLinks,
): object {
  const trials = plainLine([countText(cell), bootText(cell), toolText(cell, column)].filter(Boolean).join(', '));
  return {
    hasDetail: [trials, pairedText(cell), differenceText(cell), floorText(cell)].some((text) => text !== ''),
    trialsId: links.listOf(cell),
    value: cell.center === null ? '' : formatCenter(cell, cell.center, scale),
    interval: cell.low === null || cell.high === null ? '' : formatInterval(cell.low, cell.high, scale),
    trials,
    state: cell.state,
    why: plainLine(cell.why ?? ''),
    precision: precisionText(cell),
    precisionClass: gradeClass(cell),
    impreciseRatio: impreciseRatioText(cell),
    ratio: cell.ratio === null ? '' : formatRatio(cell.ratio),
    ratioInterval:
      cell.ratioLow === null || cell.ratioHigh === null ? '' : formatRatioInterval(cell.ratioLow, cell.ratioHigh),
    p: differenceText(cell),
    paired: pairedText(cell),
    floor: floorText(cell),
    ...requestView(cell),
    published: cell.published === null ? '' : formatPublished(cell.published, scale),
    publishedRatio: cell.publishedRatio === null || column.baseline ? '' : formatRatio(cell.publishedRatio),
    publishedOff: publishedRequest === null ? '' : formatPoints(publishedRequest.deviation),
    publishedBeyond: publishedRequest?.beyond ?? false,
    verdict: CELL_VERDICTS.includes(cell.verdict) ? cell.verdict : '',
    verdictClass: verdictClass(cell.verdict),
    verdictWhy: CELL_VERDICTS.includes(cell.verdict) ? plainLine(cell.why ?? '') : '',
  };
}

/** The class of the mark of an imprecise value. */
function gradeClass({ precision }: Pick<Cell, 'precision'>): string {
  return precision?.grade === 'very imprecise' ? 'imprecise very' : 'imprecise';
}

/** How far a share is from the requested one; empty where none was requested. */
function requestView({ request }: Cell): object {
  if (request === null) return { off: '', offInterval: '', requested: '', beyond: false };
  const { deviation, low, high, beyond } = request;
  const requested = String(Number(request.requested.toFixed(2)));
  const offInterval = low === null || high === null ? '' : formatPointsInterval(low, high);
  return { off: formatPoints(deviation), offInterval, requested, beyond };
}

/** `n = 9 in 3 boots`. */
function countText({ n, levels }: Cell): string {
  if (n === null) return '';
  const boots = levels?.boots ?? 1;
  return boots < 2 ? `n = ${n}` : `n = ${n} in ${boots} boots`;
}

/** The share of boots in the variance; empty where it could not be estimated. */
function bootText({ levels }: Cell): string {
  const variance = levels?.variance ?? null;
  return variance === null ? '' : `${(100 * variance.boot).toFixed(0)} % of variance from boots`;
}

/** The interval of the analysis by blocks. */
function pairedText({ paired }: Cell): string {
  return paired === null ? '' : `by block ${formatRatioInterval(paired.low, paired.high)}`;
}

/** The effect with its p value: never p alone. */
function differenceText(cell: Cell): string {
  const { hedgesG = null, holmP = null } = cell.difference ?? {};
  if (hedgesG === null || holmP === null) return '';
  return `g ${hedgesG.toFixed(1).replace('-', '−')}, p ${formatP(holmP)}`;
}

/** The tool of a number: its name alone where the head of the column has the origin. */
function toolText({ tool, suiteVersion }: Cell, column: CellColumn): string {
  if (tool === null || tool.origin === 'published') return '';
  const name = column.tools === undefined ? describeTool(tool) : tool.name;
  return column.several && suiteVersion !== null ? `${name}, suite version ${suiteVersion}` : name;
}
