import type { LoadedRun, Reading, TrialRecord, Workload } from '../../harness/types.js';
import { readGuestTrials } from '../../harness/trial/raw.js';

/**
 * What a workload reads out of a trial of several guests: each guest's own files, then all of them together. Throws an
 * `Error` that names the guest or file of whatever is not as the harness writes it.
 */
export function guestReadings(run: LoadedRun, record: TrialRecord, workload: Workload): readonly Reading[] {
  const { guests = [], simultaneity } = record;
  if (guests.length === 0) throw new Error('the record does not say what its guests did');
  if (simultaneity === undefined) throw new Error('the record does not say how simultaneous its guests were');
  const paths = [...new Set(guests.flatMap(({ artifacts }) => artifacts))];
  const files = paths.map((path) => {
    const bytes = run.raw.get(path);
    if (bytes === undefined) throw new Error(`${path}: cannot be used, see the damage of the run`);
    return { path, bytes };
  });
  return workload.parse(readGuestTrials(files, record), simultaneity);
}
