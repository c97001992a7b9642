import type { ClaimCheck, ClaimResult } from '../model/document.js';
import type { Verdict } from '../model/states.js';
import type { Cell } from '../model/types.js';

/** Relative difference that is only one of the order of arithmetic. */
const SAME = 1e-9;

/**
 * Cells whose verdict a claim on the same quantity does not allow: a claim can have a narrower band than the published
 * value with its margin, so a cell is not reproduced where the claim on it is contradicted or undecided. Where verdicts
 * differ for a reason, the cell states it: its number is another one than was published and the sentence, whose band is wider,
 * holds all the same; or its number is the published one, and the sentence is one that the paper's own numbers contradict.
 */
export function alignCells(cells: readonly Cell[], claims: readonly ClaimResult[]): readonly Cell[] {
  const all = claims.flatMap(({ id, paper, checks }) =>
    checks.map((check) => ({ id, check, isOfItsPaper: paper.verdict !== 'contradicted' })),
  );
  return cells.map((cell) => {
    if (cell.verdict !== 'reproduced' && cell.verdict !== 'inconclusive' && cell.verdict !== 'contradicted')
      return cell;
    const own = all.filter(({ check }) => isSameQuantity(cell, check));
    const by = (verdict: Verdict, isOfItsPaper = true): (typeof own)[number] | undefined =>
      own.find((one) => one.check.verdict === verdict && one.isOfItsPaper === isOfItsPaper);
    if (cell.verdict === 'contradicted') return explained(cell, by('reproduced') ?? by('reproduced', false), WIDER);
    const narrower = by('contradicted') ?? by('inconclusive');
    if (narrower === undefined)
      return cell.verdict === 'inconclusive' ? cell : explained(cell, by('contradicted', false), OWN);
    const { verdict } = narrower.check;
    if (verdict === cell.verdict) return cell;
    return { ...cell, verdict, why: `${verdict} by claim ${narrower.id}, whose band is narrower`, neededTrials: null };
  });
}

const WIDER = (id: string): string => `not the published number; claim ${id}, whose band is wider, holds`;
const OWN = (id: string): string =>
  `the published number; claim ${id} is contradicted, and by the numbers of the paper as well`;

function explained(cell: Cell, by: { readonly id: string } | undefined, why: (id: string) => string): Cell {
  return by === undefined ? cell : { ...cell, why: why(by.id) };
}

function isSameQuantity(cell: Cell, { metric, target, observed }: ClaimCheck): boolean {
  if (cell.metric !== metric || cell.target !== target) return false;
  const shown = [cell.ratio, cell.relative, cell.request?.deviation ?? null];
  return shown.some((value) => value !== null && Math.abs(value - observed) <= SAME * Math.abs(observed));
}
