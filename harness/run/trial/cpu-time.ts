import { trialFileNames, type TrialFile } from '../../trial/file-names.js';
import type { Artifact } from '../../types.js';
import { guestNumber, type Attempt, type GuestTask, type Running } from './attempt.js';
import type { Launched } from './unfinished.js';

/**
 * Reads the guest's CPU time from the accounting of its platform and stores it, for suites that need it: `before` just
 * before the start instant, `after` just after the end. Nothing is read in between.
 */
export async function keepCpuTime(
  attempt: Attempt,
  { task, guest }: Running,
  launched: Launched,
  when: 'before' | 'after',
): Promise<void> {
  if (task.suite.needs.cpuTime !== true) return;
  const names = trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task));
  const time = await attempt.platform.cpuTime(attempt.session.host, guest);
  const kernel = attempt.platform.boundary === 'hypervisor' ? 'guest' : 'host';
  const content = `${JSON.stringify({ ...time, kernel })}\n`;
  await attempt.run.keep(when === 'before' ? names.cpuBefore : names.cpuAfter, Buffer.from(content));
}

/** The stored files of a guest other than its output. */
export async function otherFiles(
  attempt: Attempt,
  task: GuestTask,
  launched: Launched,
): Promise<{ artifacts: Artifact[]; files: TrialFile[] }> {
  const names = trialFileNames(attempt.trial.id, attempt.number, launched.at, guestNumber(attempt, task));
  const { cpuBefore, cpuAfter, clockBefore, vitals, guestVitals, peer } = names;
  const others = [cpuBefore, cpuAfter, clockBefore, vitals, guestVitals, peer];
  const kept = await Promise.all(others.map((name) => attempt.run.kept(name)));
  const there = kept.filter((file) => file !== undefined);
  return {
    artifacts: there.map(({ artifact }) => artifact),
    files: there.map(({ artifact, bytes }) => ({ path: artifact.path, bytes })),
  };
}
