import type { Reading, TrialRecord } from '../../harness/types.js';
import { TABLE_2_METRICS } from '../reference/rows.js';
import { referenceById } from '../reference/index.js';

/**
 * The readings of a `published` record: the column `source.column` of the reference `source.reference`. Such a record
 * holds no numbers of its own, so a correction of the reference data reaches every run. Throws when either is unknown.
 */
export function publishedReadings(record: TrialRecord): readonly Reading[] {
  const { reference: id, column } = record.source ?? {};
  if (id === undefined || column === undefined) {
    throw new Error('a published record must name its source: reference and column');
  }
  const table = referenceById(id).table2;
  if (table === undefined) throw new Error(`reference ${id} has no table of this suite`);
  const at = table.columns.indexOf(column);
  if (at < 0) throw new Error(`reference ${id} has no column ${column}; it has ${table.columns.join(', ')}`);
  const file = record.outcome.status === 'collected' ? (record.outcome.artifacts[0]?.path ?? '') : '';
  return table.rows.flatMap((row, index): Reading[] => {
    const metric = TABLE_2_METRICS[row.metric];
    const value = row.values[at];
    if (metric === undefined || value === null || value === undefined) return [];
    // The line is the row of the published table, as there is no raw file.
    return [{ metric, value, at: { file, line: index + 1 }, tool: table.tool ?? 'lmbench, as published' }];
  });
}
