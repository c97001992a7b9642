import type { Comparison, OneSided, UnlikeRow } from '../../model/comparison.js';
import { describeNotComparable, pairLabel } from '../../narrative/comparison.js';
import { plainLine } from '../../narrative/format.js';
import { list } from './names.js';

/** Metrics without a counterpart or that are not comparable: those with one reason in one line. */
export interface GroupLine {
  readonly side: string;
  readonly system: string;
  readonly benchmark: string;
  readonly metrics: string;
  readonly why: string;
}

export function oneSidedLines({ oneSided }: Comparison): readonly GroupLine[] {
  return groups(oneSided, (row) => [row.side, row.why]);
}

export function unlikeLines({ notComparable }: Comparison): readonly GroupLine[] {
  return groups(notComparable, (row) => ['', describeNotComparable(row.why)]);
}

function groups<T extends OneSided | UnlikeRow>(
  rows: readonly T[],
  about: (row: T) => readonly [side: string, why: string],
): readonly GroupLine[] {
  const found = new Map<string, { readonly row: T; readonly names: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row.system, row.benchmark, about(row)]);
    const name = row.metric.slice(row.benchmark.length + 1);
    const known = found.get(key);
    if (known === undefined) found.set(key, { row, names: [name] });
    else known.names.push(name);
  }
  return [...found.values()].map(({ row, names }) => {
    const [side, why] = about(row);
    return {
      side,
      system: plainLine(pairLabel(row.system)),
      benchmark: plainLine(row.benchmark),
      metrics: plainLine(list(names)),
      why: plainLine(why),
    };
  });
}
