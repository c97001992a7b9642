import { setTimeout as delay } from 'node:timers/promises';
import { readRecords } from '../../store/index.js';
import type { Plan, TrialRecord } from '../../types.js';
import type { Attempt } from './attempt.js';
import { benchmarkOf } from '../../trial/benchmark.js';
import { measuredProfile } from '../../trial/measured-profile.js';

/** Factor on the mean duration, so that most trials end while detached. */
const LONGER = 1.2;

/**
 * How long the session of a detached trial stays closed, in seconds: 1.2 times the mean duration of the attached trials of
 * the same suite or workload that were collected so far; undefined without any. Pure.
 */
export function secondsDetached(plan: Plan, subject: string, records: readonly TrialRecord[]): number | undefined {
  const arms = new Map(plan.trials.map((trial) => [trial.id, trial.arm]));
  const attached = records.filter(
    ({ trial, benchmark: suite, outcome }) =>
      suite === subject && outcome.status === 'collected' && arms.get(trial) !== 'detached',
  );
  if (attached.length === 0) return undefined;
  const total = attached.reduce((sum, { started, ended }) => sum + Date.parse(ended) - Date.parse(started), 0);
  return (LONGER * total) / attached.length / 1000;
}

/**
 * For a trial of the arm `detached`, once it has its start instant: closes the session to its host and to its peer, and
 * sends nothing for as long as the trial is expected to take. The next command reconnects.
 */
export async function detachWhileMeasuring(attempt: Attempt): Promise<void> {
  const { trial, run, session, peer, tasks, signal } = attempt;
  if (trial.arm !== 'detached') return;
  const { plan } = run.stored;
  const profile = measuredProfile(plan.profile);
  const guess = Math.max(...tasks.map(({ suite }) => suite.profiles[profile].expectedSeconds));
  const known = secondsDetached(plan, benchmarkOf(trial), await readRecords(run.directory));
  const seconds = known ?? LONGER * guess;
  for (const { connection } of new Set(peer === undefined ? [session] : [session, peer])) await connection.detach?.();
  attempt.notice(`detached from ${session.host.id} for ${seconds.toFixed(0)} s, while the trial measures`);
  await delay(seconds * 1000, undefined, { signal });
}
