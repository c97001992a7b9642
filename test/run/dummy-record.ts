import type { TrialRecord } from '../../harness/types.js';

const at = '2026-01-02T03:04:05.000Z';

/** The record of a trial of `dummySuite` on `linux-up`. */
export function dummyRecord(fields: Pick<TrialRecord, 'trial' | 'outcome'> & Partial<TrialRecord>): TrialRecord {
  return {
    schema: 'bench-record/2',
    attempt: 1,
    block: 1,
    target: 'linux-up',
    benchmark: 'dummy',
    profile: 'quick',
    origin: 'measured',
    started: at,
    ended: at,
    expects: [],
    findings: [],
    ...fields,
  };
}
