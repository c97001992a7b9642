import type { OtherPublished } from '../model/other-published.js';
import { referenceById, references } from './index.js';
import { quantitiesOf } from './quantities.js';

/** A mean of another publication that is not the same as that of the one which is compared with. */
export interface OtherSource extends OtherPublished {
  readonly column: string;
}

/**
 * What other publications have for a metric of this one, column by column. Ratios are to the first column of either, as ratios
 * are what measured values are compared by.
 */
export function otherSources(reference: string, metric: string): readonly OtherSource[] {
  const own = meansOf(reference, metric);
  return references
    .filter(({ id }) => id !== reference)
    .flatMap(({ id }) => {
      const other = meansOf(id, metric);
      return [...other].flatMap(([column, value]): OtherSource[] => {
        const compared = own.get(column);
        if (compared === undefined || compared === value) return [];
        const [here, there] = [ratioIn(own, column), ratioIn(other, column)];
        return [
          {
            ...{ reference: id, column, value, percent: percentMore(value, compared) },
            ...{ ratio: there, ratioPercent: there === null || here === null ? null : percentMore(there, here) },
          },
        ];
      });
    });
}

function meansOf(reference: string, metric: string): ReadonlyMap<string, number> {
  return new Map(
    quantitiesOf(referenceById(reference)).flatMap((one): [string, number][] =>
      one.kind === 'mean' && `${one.benchmark}/${one.metric}` === metric ? [[one.column, one.value]] : [],
    ),
  );
}

/** Null of the first column, whose ratio to itself is no result. */
function ratioIn(means: ReadonlyMap<string, number>, column: string): number | null {
  const [first] = means;
  const value = means.get(column);
  return first === undefined || value === undefined || first[0] === column ? null : value / first[1];
}

function percentMore(value: number, than: number): number {
  return 100 * (value / than - 1);
}
