import { setTimeout as delay } from 'node:timers/promises';
import { BenchError } from '../../errors.js';
import type { HostConfig, HostId } from '../../types.js';
import { PREPARE_LEASE_SECONDS } from '../session/session.js';
import { attemptTrial } from './attempt-trial.js';
import type { Attempt, Attempted } from './attempt.js';
import { RECONNECT_SECONDS } from './begin.js';
import { awaitQuiet, readActivity } from './quiet.js';

/** What waiting for a quiet host depends on. */
export interface Quiet {
  /** Degrees Celsius of each host at its first trial; the first attempt on a host adds its own. */
  readonly temperatures: Map<HostId, number>;
  readonly quietWaitSeconds: ((host: HostConfig) => number) | undefined;
}

/**
 * Makes an attempt, and goes on with it after a lost connection, for as long as a host may take to come back. Rejects as
 * `attemptTrial`.
 */
export async function attemptUntilReached(attempt: Attempt, quiet: Quiet): Promise<Attempted> {
  const end = Date.now() + RECONNECT_SECONDS * 1000;
  for (let pause = 500; ; pause = Math.min(pause * 2, 10_000)) {
    try {
      // An attempt that runs already is not disturbed.
      if (attempt.tasks.every(({ launched }) => launched === undefined)) {
        attempt.stage({ stage: 'checking the host' });
        await renewSettings(attempt);
        await waitForQuiet(attempt, quiet);
      }
      return await attemptTrial(attempt);
    } catch (error) {
      const isLost = error instanceof BenchError && error.transport;
      if (!isLost || attempt.signal.aborted || Date.now() > end) throw error;
      attempt.notice(`host ${attempt.session.host.id}: connection lost (${error.problem.message}); trying again`);
      await delay(pause, undefined, { signal: attempt.signal });
    }
  }
}

/**
 * Ends what earlier attempts left, sets controls that drifted again, and drops caches where the hosts file requests it.
 */
async function renewSettings(attempt: Attempt): Promise<void> {
  const { session, peer } = attempt;
  for (const one of new Set(peer === undefined ? [session] : [session, peer])) {
    const { host, lock, controls } = one;
    // Throws when somebody has broken the lock: the settings are theirs now.
    await lock.extend(PREPARE_LEASE_SECONDS);
    await one.clearAgents();
    for (const { check, expected, found, verdict, hint } of (await controls?.beforeTrial()) ?? []) {
      if (verdict === 'ok') continue;
      attempt.notice(`host ${host.id}: ${check}: expected ${expected}, found ${found}; ${hint ?? verdict}`);
    }
  }
}

/** The last step before a trial. When the host does not become quiet in time, the record has a finding. */
async function waitForQuiet(attempt: Attempt, { temperatures, quietWaitSeconds }: Quiet): Promise<void> {
  const { session, target, signal } = attempt;
  const { id, config } = session.host;
  const began = performance.now();
  const { last, finding } = await awaitQuiet({
    seconds: quietWaitSeconds?.(config) ?? 0,
    usual: temperatures.get(id),
    look: () => readActivity(session.connection, target.shape.cpus),
    nowMs: () => performance.now(),
    notice: (what) => attempt.notice(`host ${id}: ${what}`),
    waiting: (detail) => attempt.stage({ stage: 'waiting for quiet', detail }),
    signal,
  });
  attempt.waitedSeconds = (performance.now() - began) / 1000;
  if (last?.temperature !== undefined && !temperatures.has(id)) temperatures.set(id, last.temperature);
  attempt.beforehand = finding === undefined ? [] : [finding];
}
