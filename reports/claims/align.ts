import type { ClaimCheck, ClaimResult } from '../model/document.js';
import type { Cell } from '../model/types.js';

/** Relative difference that is only one of the order of arithmetic. */
const SAME = 1e-9;

/**
 * Cells whose verdict a claim on the same quantity does not allow: a claim can have a narrower band than the published
 * value with its margin, so a cell is not reproduced where the claim on it is contradicted or undecided. A sentence
 * that the paper's own numbers contradict is left out: the cell is compared with these numbers.
 */
export function alignCells(cells: readonly Cell[], claims: readonly ClaimResult[]): readonly Cell[] {
  const narrower = claims
    .filter(({ paper }) => paper.verdict !== 'contradicted')
    .flatMap(({ id, checks }) => checks.map((check) => ({ id, check })))
    .filter(({ check }) => check.verdict === 'contradicted' || check.verdict === 'inconclusive');
  return cells.map((cell) => {
    if (cell.verdict !== 'reproduced' && cell.verdict !== 'inconclusive') return cell;
    const own = narrower.filter(({ check }) => isSameQuantity(cell, check));
    const found = own.find(({ check }) => check.verdict === 'contradicted') ?? own[0];
    if (found === undefined || found.check.verdict === cell.verdict) return cell;
    const { verdict } = found.check;
    return { ...cell, verdict, why: `${verdict} by claim ${found.id}, whose band is narrower`, neededTrials: null };
  });
}

function isSameQuantity(cell: Cell, { metric, target, observed }: ClaimCheck): boolean {
  if (cell.metric !== metric || cell.target !== target) return false;
  const shown = [cell.ratio, cell.relative, cell.request?.deviation ?? null];
  return shown.some((value) => value !== null && Math.abs(value - observed) <= SAME * Math.abs(observed));
}
