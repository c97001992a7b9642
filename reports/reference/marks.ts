import type { FigurePublished } from '../model/figure.js';
import { STATEMENTS, type Statement } from './statements.js';

/** What the paper's text states of one bar of a figure: of which metric, and where, in the figure's own numbers. */
export interface PublishedMark extends FigurePublished {
  readonly metric: Statement['metric'];
  /** Where it is on the axis as a fraction of the line rate, for figures whose link speed is known. */
  readonly ofLineRate?: number;
}

/**
 * Every statement as a mark of its figure. One relative to another baseline than the figure's has no position on its axis,
 * only words, and so has a bound of one. Figure 8 is in percent lost.
 */
export const PUBLISHED_MARKS: readonly PublishedMark[] = STATEMENTS.map((statement): PublishedMark => {
  const { metric, column, quantity, kind, stated, text, claim } = statement;
  const mark = { metric, column, kind, text, claim } as const;
  const fixed = stated.low === stated.high ? stated.low : undefined;
  if (quantity === 'line-rate' && fixed !== undefined) return { ...mark, low: null, high: null, ofLineRate: fixed };
  if (!isOnAxis(statement)) return { ...mark, low: null, high: null };
  const [low, high] = [stated.low, stated.high].map((end) => (Number.isFinite(end) ? end : null));
  return { ...mark, low: low ?? high ?? null, high: high ?? low ?? null };
});

function isOnAxis({ quantity, kind, to, other, metric }: Statement): boolean {
  if (quantity === 'value' || quantity === 'loss') return true;
  return quantity === 'relative' && kind !== 'bound' && to === 'Linux-UP' && (other === undefined || other === metric);
}
