import type { ExhibitNote } from '../model/note.js';
import type { Cell } from '../model/types.js';
import { judgeFamily } from '../statistics/family.js';
import { CONFIDENCE } from '../statistics/intervals.js';
import { holm } from '../statistics/tests.js';
import type { Series } from './summarize.js';
import { judgementOf, type BandComparison } from './judge.js';

/** The two series of a ratio. */
export interface RatioSides {
  readonly series: Series;
  readonly baseline: Series;
}

/** A cell, with what it was computed from. */
export interface JudgedCell {
  readonly cell: Cell;
  /** The comparison with what was published that its verdict rests on; null where it has none. */
  readonly comparison: BandComparison | null;
  /** Null without a ratio. */
  readonly sides: RatioSides | null;
}

/**
 * The cells of one exhibit, which are one family in two ways. Their differences from the baseline have p values with Holm's
 * correction over all that were tested. Their verdicts on published values are `contradicted` only after Holm's adjustment
 * for all that were compared, so that an exhibit whose true ratios are all in their bands has one that is contradicted in at
 * most 5 % of runs; `reproduced` is of each cell alone.
 */
export function correct(judged: readonly JudgedCell[]): Cell[] {
  return adjustDifferences(adjustVerdicts(judged));
}

function adjustVerdicts(judged: readonly JudgedCell[]): Cell[] {
  const compared = judged.flatMap(({ comparison }) => comparison ?? []);
  const results = judgeFamily(compared, 'each');
  const byComparison = new Map(compared.map((comparison, index) => [comparison, results[index]]));
  return judged.map(({ cell, comparison }) => {
    const result = comparison === null ? undefined : byComparison.get(comparison);
    if (comparison === null || result === undefined) return cell;
    return { ...cell, ...judgementOf(comparison, result), bandP: result.p, bandHolmP: result.holmP };
  });
}

function adjustDifferences(cells: readonly Cell[]): Cell[] {
  const tested = cells.filter((cell) => cell.difference?.welchP !== null && cell.difference !== null);
  const adjusted = holm(tested.map((cell) => cell.difference?.welchP ?? 1));
  const byCell = new Map(tested.map((cell, index) => [cell, adjusted[index] ?? null]));
  return cells.map((cell) => {
    const holmP = byCell.get(cell);
    return holmP === undefined || cell.difference === null
      ? cell
      : { ...cell, difference: { ...cell.difference, holmP } };
  });
}

/** A note with how many of the intervals of an exhibit are expected to miss; none where there are not several. */
export function multiplicityNotes(cells: readonly Cell[]): ExhibitNote[] {
  const intervals = cells.filter(
    ({ ratioLow, request }) => ratioLow !== null || (request?.low ?? null) !== null,
  ).length;
  if (intervals < 2) return [];
  const verdicts = cells.filter(({ bandP }) => bandP !== null).length;
  return [{ kind: 'multiplicity', intervals, expectedToMiss: (1 - CONFIDENCE) * intervals, verdicts }];
}
