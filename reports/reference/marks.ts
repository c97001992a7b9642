import type { FigurePublished } from '../model/figure.js';
import { referenceById } from './index.js';
import type { Statement } from './schema.js';

/** What the paper's text states of one bar of a figure: of which metric, and where, in the figure's own numbers. */
export interface PublishedMark extends FigurePublished {
  readonly metric: Statement['metric'];
  /** Where it is on the axis as a fraction of the line rate, for figures whose link speed is known. */
  readonly ofLineRate?: number;
  /** Of relative performance: the system that it is relative to. It has a position only where that is the baseline. */
  readonly to?: string;
}

/**
 * The statements of the paper as marks of its figures. A bound of relative performance has no position on the axis, only
 * words. Figure 8 is in percent lost.
 *
 * CPU times have marks only in the row of the clock that the paper read them by: Linux and VServer by sysstat, which counts
 * ticks, so that "just over 70 %" belongs to `receiver-cpu-ticks`; Xen by XenMon, which counts by the hypervisor, so that
 * "saturated" belongs to `receiver-cpu`. "Nearly 2x" divides one by the other: no row has both, and no figure a mark of it.
 */
export const PUBLISHED_MARKS: readonly PublishedMark[] = (referenceById('soltesz2007').statements ?? [])
  .filter((statement) => !crossesClocks(statement))
  .map((statement): PublishedMark => {
    const { metric, column, quantity, stated, text, claim } = statement;
    const mark = { metric, column, kind: stated.kind, text, claim } as const;
    if (quantity === 'line-rate' && stated.kind === 'value') {
      return { ...mark, low: null, high: null, ofLineRate: stated.value };
    }
    if (!isOnAxis(statement)) return { ...mark, low: null, high: null };
    const relative = quantity === 'relative' && statement.to !== undefined ? { ...mark, to: statement.to } : mark;
    if (stated.kind === 'value') return { ...relative, low: stated.value, high: stated.value };
    // A bound is drawn where its one end is.
    const { low, high } = stated;
    return { ...relative, low: low ?? high, high: high ?? low };
  });

/** Whether a statement divides a CPU time by one that another clock counted. */
export function crossesClocks({ metric, other }: Pick<Statement, 'metric' | 'other'>): boolean {
  const isCpuTime = (id: string | undefined): boolean => id?.startsWith('iperf-cpu/receiver-cpu') ?? false;
  return isCpuTime(metric) && isCpuTime(other) && metric !== other;
}

function isOnAxis({ quantity, stated, to, column, other, metric }: Statement): boolean {
  if (quantity === 'value' || quantity === 'loss') return true;
  return (
    quantity === 'relative' && stated.kind !== 'bound' && to !== column && (other === undefined || other === metric)
  );
}
