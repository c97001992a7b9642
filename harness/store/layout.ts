import { BenchError } from '../errors.js';
import type { RunId } from '../types.js';

/** Files of a run directory; everything else in it is raw output under `raw/`. */
export const RUN_FILES = { plan: 'plan.json', records: 'records.jsonl', journal: 'journal.jsonl', raw: 'raw' } as const;

/** Names that a run can have, and so its folder. */
export const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** Throws a `BenchError` of stage `config` unless the text can name a run (and so a folder). */
export function checkRunId(id: string): RunId {
  if (RUN_ID.test(id)) return id;
  throw new BenchError({
    stage: 'config',
    message: 'that is no name of a run',
    expected: 'letters, digits, dots, dashes',
    found: JSON.stringify(id),
  });
}
