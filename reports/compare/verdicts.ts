import type { Metric } from '../../harness/types.js';
import type { ComparedRow, ComparisonVerdict } from '../model/comparison.js';
import { CONFIDENCE } from '../statistics/intervals.js';
import { holm } from '../statistics/tests.js';

/** A row without what follows from all rows together. */
export type OpenRow = Omit<ComparedRow, 'holmP' | 'verdict' | 'change'>;

/**
 * The rows with their verdicts, ordered: differences first, each group by the size of the effect, |ln ratio|. A difference
 * is shown where p is at most 5 % after Holm's adjustment for all rows that have one, so that two measurements of one thing
 * differ in any row in at most 5 % of comparisons. Rows whose interval lies within the noise floor are equivalent, whatever
 * their p. Pure.
 */
export function judgeRows(open: readonly OpenRow[]): readonly ComparedRow[] {
  const tested = open.filter(({ p }) => p !== null);
  const adjusted = holm(tested.map(({ p }) => p ?? 1));
  const byRow = new Map(tested.map((row, at) => [row, adjusted[at] ?? 1]));
  const rows = open.map((row): ComparedRow => {
    const holmP = byRow.get(row) ?? null;
    const verdict = verdictOf(row, holmP);
    return { ...row, holmP, verdict, change: isDifference(verdict) ? changeOf(row) : null };
  });
  const effect = ({ ratio }: ComparedRow): number => Math.abs(Math.log(ratio));
  const rank = ({ verdict }: ComparedRow): number => (isDifference(verdict) ? 0 : verdict === 'not judged' ? 2 : 1);
  const name = ({ metric, system }: ComparedRow): string => `${metric} ${system.a ?? ''} ${system.b ?? ''}`;
  return rows.sort((x, y) => rank(x) - rank(y) || effect(y) - effect(x) || (name(x) < name(y) ? -1 : 1));
}

/** Whether a verdict is that B differs from A. */
export function isDifference(verdict: ComparisonVerdict): boolean {
  return verdict !== 'equivalent' && verdict !== 'no difference shown' && verdict !== 'not judged';
}

function verdictOf(row: OpenRow, holmP: number | null): ComparisonVerdict {
  if (holmP === null) return 'not judged';
  if (isWithinFloor(row)) return 'equivalent';
  if (holmP > 1 - CONFIDENCE) return 'no difference shown';
  const more = row.ratio > 1;
  if (!isSpeed(row)) return more ? 'higher' : 'lower';
  return changeOf(row) === 'better' ? 'faster' : 'slower';
}

/** Between 1 / (1 + floor) and 1 + floor: the same whichever side is divided by the other. */
function isWithinFloor({ low, high, noiseFloor }: OpenRow): boolean {
  if (low === null || high === null || noiseFloor === null) return false;
  const most = 1 + noiseFloor / 100;
  return low >= 1 / most && high <= most;
}

function changeOf({ ratio, better }: OpenRow): 'better' | 'worse' {
  return ratio > 1 === (better === 'higher') ? 'better' : 'worse';
}

const TIMES: readonly Metric['unit'][] = ['s', 'us', 'ns'];
const RATES: readonly Metric['unit'][] = ['B/s', 'bit/s', '1/s'];

/** Times that are better when they are lower, and rates that are better when they are higher. */
function isSpeed({ unit, better }: OpenRow): boolean {
  return better === 'lower' ? TIMES.includes(unit) : RATES.includes(unit);
}
