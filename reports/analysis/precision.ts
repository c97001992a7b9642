import type { Metric } from '../../harness/types.js';
import type { Note } from '../model/note.js';
import type { CellPrecision, ImpreciseBenchmark, PrecisionCount, PrecisionGrade } from '../model/precision.js';
import type { Cell } from '../model/types.js';
import { mean, standardDeviation } from '../statistics/descriptive.js';
import { summarize, type Series } from './summarize.js';

/**
 * Coefficient of variation, in percent, above which a value is imprecise. It is the limit that a quick profile is held to,
 * see `Profile.unstable`. With three trials a CV of 5 % makes a 95 % interval of ± 12 %.
 */
export const CV_LIMIT = 5;

/**
 * Half width of the 95 % interval, in percent of the mean, above which a value is very imprecise. Most differences that the
 * paper calls large are 25 to 50 %: an interval that is wider on one side alone cannot show them. Jain (The Art of Computer
 * Systems Performance Analysis, 1991, section 13.9) calls this the accuracy of a mean, and derives from it and the CV how
 * often to repeat.
 */
export const HALF_WIDTH_LIMIT = 25;

/**
 * How precise a series is; null for what a publication printed, for a single observation, and around zero, where nothing is
 * relative to the mean. Observations are those that the interval comes from: trials, or means of boots.
 */
export function precisionOf(series: Series, metric: Pick<Metric, 'share'> | undefined): CellPrecision | null {
  const { values, levels, system } = series;
  if (system.origin === 'published' || values.length < 2) return null;
  const center = mean(values);
  if (!(center > 0)) return null;
  const { interval } = summarize(series, metric);
  const cv = (100 * standardDeviation(values)) / center;
  const halfWidth = interval === null ? null : (50 * (interval.high - interval.low)) / center;
  const isVery = halfWidth !== null && halfWidth > HALF_WIDTH_LIMIT;
  const grade = isVery ? 'very imprecise' : cv > CV_LIMIT ? 'imprecise' : 'precise';
  return { grade, cv, level: levels.level, observations: values.length, halfWidth };
}

/**
 * The notes that a cell has because it, or the baseline that it is divided by, is imprecise. `baseline` is undefined where
 * there is no ratio to another value.
 */
export function precisionNotes(own: CellPrecision | null, baseline: CellPrecision | null | undefined): Note[] {
  const notes: Note[] = [];
  if (own !== null && own.grade !== 'precise') notes.push({ kind: 'imprecise', ...own, grade: own.grade });
  if (baseline === undefined) return notes;
  const imprecise = (one: CellPrecision | null): number | null =>
    one === null || one.grade === 'precise' ? null : one.cv;
  const sides = { own: imprecise(own), baseline: imprecise(baseline) };
  if (sides.own !== null || sides.baseline !== null) notes.push({ kind: 'imprecise ratio', ...sides });
  return notes;
}

/** How many values of these cells are imprecise. A value that several exhibits show has the same trials behind it. */
export function countPrecision(cells: readonly Cell[]): Omit<PrecisionCount, 'statement'> {
  const measured = cells.filter(({ state, origin }) => state === 'value' && origin !== 'published');
  const distinct = [
    ...new Map(measured.map((cell) => [`${cell.system} ${cell.metric} ${cell.samples[0]?.[1] ?? ''}`, cell])).values(),
  ];
  const known = distinct.filter(({ precision }) => precision !== null);
  const graded = (...grades: readonly (PrecisionGrade | undefined)[]): readonly Cell[] =>
    known.filter(({ precision }) => grades.includes(precision?.grade));
  const imprecise = graded('imprecise', 'very imprecise');
  const of = (list: readonly Cell[], id: string): number => list.filter(({ benchmark }) => benchmark === id).length;
  const benchmarks: readonly ImpreciseBenchmark[] = [...new Set(imprecise.map(({ benchmark }) => benchmark))]
    .map((id) => ({ id, imprecise: of(imprecise, id), values: of(known, id) }))
    .sort((a, b) => b.imprecise - a.imprecise);
  return {
    values: known.length,
    imprecise: imprecise.length,
    veryImprecise: graded('very imprecise').length,
    unknown: distinct.filter(({ n }) => n === 1).length,
    cvLimit: CV_LIMIT,
    halfWidthLimit: HALF_WIDTH_LIMIT,
    benchmarks,
  };
}
