import type { TrialRecord } from '../../harness/types.js';
import { referenceById } from '../reference/index.js';
import { quantitiesOf, type PublishedQuantity } from '../reference/quantities.js';

/**
 * What a `published` record is of: all that its publication states of one system in one benchmark. The record itself holds
 * no numbers. Throws when it names no publication, or one, a system or a benchmark that is unknown.
 */
export function publishedQuantities({ published, benchmark }: TrialRecord): readonly PublishedQuantity[] {
  if (published === undefined) throw new Error('a published record must name its publication and the system there');
  const { reference: id, column } = published;
  const all = quantitiesOf(referenceById(id));
  const ofColumn = all.filter((quantity) => quantity.column === column);
  if (ofColumn.length === 0) {
    const columns = [...new Set(all.map((quantity) => quantity.column))];
    throw new Error(`reference ${id} states nothing of ${column}; it does of ${columns.join(', ')}`);
  }
  const own = ofColumn.filter((quantity) => quantity.benchmark === benchmark);
  if (own.length === 0) throw new Error(`reference ${id} states nothing of ${column} in ${benchmark}`);
  return own;
}
