import type { Unit } from '../../harness/types.js';
import type { Cell } from '../model/types.js';

/** A row with its ratio to the baseline, as measured. */
interface RatioRow {
  readonly ratio: number;
  readonly cell: Pick<Cell, 'unit' | 'better'>;
}

/** `1.01 to 1.04`, and `1.25` where both ends read the same. */
export function rangeOf(ratios: readonly number[]): string {
  const [low, high] = [Math.min(...ratios).toFixed(2), Math.max(...ratios).toFixed(2)];
  return low === high ? low : `${low} to ${high}`;
}

const TIMES: readonly Unit[] = ['s', 'us', 'ns'];

/** What a ratio above 1 is, by direction and unit of the metric. */
const KINDS = {
  time: { noun: ['time', 'times'], verb: ['takes', 'take'], what: 'times as long as on' },
  lower: { noun: ['value', 'values'], verb: ['is', 'are'], what: 'times as large (lower is better) as on' },
  higher: {
    noun: ['value', 'values'],
    verb: ['is', 'are'],
    what: 'times as large (higher is better) as on',
  },
} as const;
type Kind = keyof typeof KINDS;

function kindOf({ unit, better }: RatioRow['cell']): Kind {
  return better === 'higher' ? 'higher' : TIMES.includes(unit) ? 'time' : 'lower';
}

/**
 * Ratios to the baseline in a clause for each direction of metrics: `the 7 rows of Table 2 take 1.01 to 1.04 times as long as on
 * linux-up`. `rows` are the rows in words.
 */
export function ratioClauses(own: readonly RatioRow[], rows: string, baseline: string): string {
  const kinds = (Object.keys(KINDS) as Kind[]).flatMap((kind) => {
    const ratios = own.filter(({ cell }) => kindOf(cell) === kind).map(({ ratio }) => ratio);
    return ratios.length === 0 ? [] : [{ kind, ratios }];
  });
  const clauses = kinds.map(({ kind, ratios }) => {
    const { noun, verb, what } = KINDS[kind];
    const at = ratios.length === 1 ? 0 : 1;
    const subject = kinds.length === 1 ? rows : `${ratios.length} ${noun[at]}`;
    return `${subject} ${verb[at]} ${rangeOf(ratios)} ${what} ${baseline}`;
  });
  return kinds.length === 1 ? clauses.join('') : `of ${rows}, ${clauses.join(', ')}`;
}

/** Title of an axis of ratios to the baseline. */
export function ratioAxis(metrics: readonly RatioRow['cell'][]): string {
  const kinds = new Set(metrics.map(kindOf));
  const [only] = kinds;
  if (kinds.size !== 1 || only === undefined)
    return 'Ratio to the baseline (logarithmic; better is lower or higher by row)';
  const what = only === 'time' ? 'Time relative to the baseline' : 'Ratio to the baseline';
  return `${what} (logarithmic, ${only === 'higher' ? 'higher' : 'lower'} is better)`;
}
