import { setTimeout as sleep } from 'node:timers/promises';
import { connectLocal } from '../../connect/local.js';
import { BenchError } from '../../errors.js';
import { bootState, contrast, ensureBoot, freshBoot, lookAtBoot, type Booted, type Bootable } from '../../host/boot.js';
import { firstMismatch } from '../../host/boot-state.js';
import type { JournalEntry, TargetConfig } from '../../types.js';
import type { HostSession } from './session.js';

/** How long a host may be unreachable because it is restarting. */
const PATIENCE_MS = 300_000;
const PAUSE_MS = 2000;
/** The lock's lease after a reboot, until the first trial extends it. */
export const AFTER_REBOOT_SECONDS = 1800;

const ANOTHER_BOOT = 'the host is in another boot than the target needs';

/** Whether `enterBoot` failed because the host may not be rebooted. */
export function isInAnotherBoot(error: unknown): error is BenchError {
  return error instanceof BenchError && error.problem.message === ANOTHER_BOOT;
}

export interface BootChange {
  /** Whether the user lets hosts be rebooted. */
  readonly mayReboot: boolean;
  readonly signal: AbortSignal;
  readonly notify: (what: string) => void;
  /** Called before the host goes down: removes guests, restores settings. */
  readonly leave: () => Promise<void>;
}

/**
 * Reboots a host that this run has locked into the boot that a target names, if it is in another. Throws a `BenchError` of
 * stage `verify` when it may not be rebooted, of other stages when the reboot failed.
 */
export async function enterBoot(session: HostSession, target: TargetConfig, change: BootChange): Promise<Booted> {
  const { host, lock } = session;
  const bootable: Bootable = { config: host.config, executor: host.executor };
  const name = target.boot ?? '';
  const now = await retryWhileLost(() => lookAtBoot(bootable, name), change.signal);
  if (firstMismatch(now.findings) === undefined) return now;
  if (!change.mayReboot) {
    throw new BenchError({
      stage: 'verify',
      host: host.id,
      target: target.id,
      message: ANOTHER_BOOT,
      ...contrast(name, now.findings),
      hint: `--reboot lets a run reboot hosts, and \`bench boot --target ${target.id}\` does it now`,
    });
  }
  await change.leave();
  const booted = await ensureBoot(bootable, name, {
    here: connectLocal('here'),
    report: change.notify,
    signal: change.signal,
    beforeRestart: (limitSeconds) => lock.restarting(limitSeconds),
  });
  await lock.extend(AFTER_REBOOT_SECONDS);
  return booted;
}

/**
 * Restarts a host for trials of a boot of the plan, unless it is in a boot that this run made for them. `made` has the ids
 * of the boots that the run made, with their `bootKey`. Throws as `enterBoot` does.
 */
export async function enterPlannedBoot(
  session: HostSession,
  target: TargetConfig,
  ordinal: number,
  made: ReadonlyMap<string, string>,
  change: BootChange,
): Promise<Booted> {
  const { host, lock } = session;
  const now = await retryWhileLost(() => bootState(host.executor), change.signal);
  if (now !== undefined && made.get(now.bootId) === bootKey(target, ordinal)) {
    return { state: now, findings: [], rebooted: false };
  }
  if (!change.mayReboot) {
    const expected = `boot ${ordinal} of the plan`;
    const hint = '--reboot lets a run reboot hosts';
    throw new BenchError({ stage: 'verify', host: host.id, target: target.id, message: ANOTHER_BOOT, expected, hint });
  }
  await change.leave();
  const booted = await freshBoot({ config: host.config, executor: host.executor }, target.boot, {
    here: connectLocal('here'),
    report: change.notify,
    signal: change.signal,
    beforeRestart: (limitSeconds) => lock.restarting(limitSeconds),
  });
  await lock.extend(AFTER_REBOOT_SECONDS);
  return booted;
}

/** Identifies what a boot of a plan is for: trials of this ordinal on targets of this host and boot profile. */
export function bootKey({ host, boot }: Pick<TargetConfig, 'host' | 'boot'>, ordinal: number): string {
  return JSON.stringify([host, boot ?? null, ordinal]);
}

/** The boots that a run made so far for the ordinals of its plan: `bootKey` by the id of the boot. */
export function bootsMade(journal: readonly JournalEntry[]): Map<string, string> {
  return new Map(
    journal.flatMap((entry): [string, string][] => {
      if (entry.event !== 'booted' || entry.ordinal === undefined) return [];
      const { host, profile, ordinal } = entry;
      return [[entry.boot, bootKey({ host, ...(profile === undefined ? {} : { boot: profile }) }, ordinal)]];
    }),
  );
}

async function retryWhileLost<T>(body: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await body();
    } catch (error) {
      const lost = error instanceof BenchError && error.transport;
      if (!lost || signal.aborted || Date.now() > end) throw error;
      await sleep(PAUSE_MS, undefined, { signal });
    }
  }
}

/** A reboot, as the journal records it. */
export function describeReboot(host: string, { boot }: TargetConfig, { state }: Booted): string {
  return `host ${host} was rebooted into ${boot ?? ''}: Linux ${state.kernelRelease ?? '?'}, boot ${state.bootId}`;
}
