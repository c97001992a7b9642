import type { PrecisionCount } from '../model/precision.js';
import type { Cell } from '../model/types.js';

/** Up to this many suites are named one by one. */
const MAX_NAMED = 4;

/** The counts with a statement for the top of the report. */
export function describePrecision(counts: Omit<PrecisionCount, 'statement'>): PrecisionCount {
  const { benchmarks, values, imprecise, veryImprecise, unknown, cvLimit, halfWidthLimit } = counts;
  if (values + unknown === 0) return { ...counts, statement: null };
  const alone = unknown === 0 ? [] : [`The precision of ${ofOne(unknown)} is not known.`];
  if (values === 0) return { ...counts, statement: alone.join(' ') };
  if (imprecise === 0) {
    const all = `Every measured value (${values}) has a coefficient of variation of at most ${cvLimit} %.`;
    return { ...counts, statement: [all, ...alone].join(' ') };
  }
  const very =
    veryImprecise === 0 ? '' : `; ${veryImprecise} of them have a 95 % interval wider than ± ${halfWidthLimit} %`;
  const named = benchmarks.slice(0, MAX_NAMED).map((one) => `${one.id} ${one.imprecise} of ${one.values}`);
  const rest = benchmarks.length - named.length;
  const where = [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  const parts = [
    `${imprecise} of ${values} measured values ${imprecise === 1 ? 'is' : 'are'} imprecise (coefficient of variation above ${cvLimit} %)${very}.`,
    `By suite: ${where}.`,
    'Measure with more trials: --ci-width 10% repeats a suite until its intervals are that narrow.',
  ];
  return { ...counts, statement: [...parts, ...alone].join(' ') };
}

function ofOne(values: number): string {
  return values === 1 ? '1 value of a single trial' : `${values} values of a single trial`;
}

/** `CV 18 %, n = 3`, and for an interval that is too wide `CV 18 %, n = 3, ± 46 %`. */
export function precisionText({ precision }: Pick<Cell, 'precision'>): string {
  if (precision === null || precision.grade === 'precise') return '';
  const { cv, observations, level, halfWidth, grade } = precision;
  const count = level === 'boot' ? `${observations} boots` : `n = ${observations}`;
  const wide = grade === 'very imprecise' && halfWidth !== null ? `, ± ${roundPercent(halfWidth)} %` : '';
  return `CV ${roundPercent(cv)} %, ${count}${wide}`;
}

/** Whether the ratio of a cell is of imprecise values, in words that fit below it; empty where it is not. */
export function impreciseRatioText({ notes, ratio }: Pick<Cell, 'notes' | 'ratio'>): string {
  const note = ratio === null ? undefined : notes.find(({ kind }) => kind === 'imprecise ratio');
  if (note?.kind !== 'imprecise ratio') return '';
  if (note.baseline === null) return 'imprecise';
  const baseline = `baseline CV ${roundPercent(note.baseline)} %`;
  return note.own === null ? `imprecise: ${baseline}` : `imprecise, ${baseline}`;
}

/** Two significant digits: `7.3`, `18`, `264`. */
export function roundPercent(percent: number): string {
  return percent >= 10 ? percent.toFixed(0) : String(Number(percent.toPrecision(2)));
}
