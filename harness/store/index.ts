/** Run directories: append-only truth. `runs/<id>/plan.json`, `records.jsonl`, `journal.jsonl`, `raw/`. */
export { canonicalJson, sha256 } from './canonical.js';
export { loadPlan, loadRun, readRecords } from './load.js';
export { summarizeRuns, type RunSummary } from './summary.js';
export { fingerprintRun } from './fingerprint.js';
export { listRuns } from './list.js';
export { checkResumable, createRun, planHash, reopenRun, type OpenRun } from './run-directory.js';
