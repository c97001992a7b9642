import { makePlan } from '../../harness/run/plan/plan.js';
import type { Artifact, TrialRecord } from '../../harness/types.js';
import { dummyRecord } from '../run/dummy-record.js';
import { dummySuite } from '../run/dummy-suite.js';

/** When the runs of these tests were made. */
export const created = new Date('2026-01-02T03:04:05.678Z');
/** Of one suite and target. */
export const plan = makePlan({
  seed: 1,
  profile: 'quick',
  suites: [dummySuite()],
  targets: [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }],
});

/** The record of a collected trial of that plan. */
export const record = (trial: string, artifacts: readonly Artifact[]): TrialRecord =>
  dummyRecord({
    trial,
    started: created.toISOString(),
    ended: created.toISOString(),
    expects: ['answer'],
    outcome: { status: 'collected', artifacts },
  });
