import type { RunEvent } from '../../harness/run/session/events.js';

/** The end of a run with these counts; the others are 0. */
export const closed = (counts: Partial<Extract<RunEvent, { kind: 'closed' }>>): RunEvent => ({
  kind: 'closed',
  run: 'r',
  trials: 2,
  collected: 0,
  failed: 0,
  voided: 0,
  skipped: 0,
  unneeded: 0,
  interrupted: false,
  ...counts,
});

/** A host that could not be reached. */
export const lost: RunEvent = { kind: 'problem', problem: { stage: 'connect', host: 'alpha', message: 'no answer' } };
