import type { OtherPublished } from '../model/other-published.js';
import { references } from './index.js';
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

type Means = ReadonlyMap<string, number>;

const NONE: Means = new Map();

/** By publication, metric and column: computed once, because every cell of a table asks for it. */
const MEANS: ReadonlyMap<string, ReadonlyMap<string, Means>> = new Map(
  references.map((reference) => {
    const byMetric = new Map<string, Map<string, number>>();
    for (const one of quantitiesOf(reference)) {
      if (one.kind !== 'mean') continue;
      const metric = `${one.benchmark}/${one.metric}`;
      byMetric.set(metric, (byMetric.get(metric) ?? new Map<string, number>()).set(one.column, one.value));
    }
    return [reference.id, byMetric];
  }),
);

function meansOf(reference: string, metric: string): Means {
  return MEANS.get(reference)?.get(metric) ?? NONE;
}

/** Null of the first column, whose ratio to itself is no result. */
function ratioIn(means: Means, column: string): number | null {
  const [first] = means;
  const value = means.get(column);
  return first === undefined || value === undefined || first[0] === column ? null : value / first[1];
}

function percentMore(value: number, than: number): number {
  return 100 * (value / than - 1);
}
