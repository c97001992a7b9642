import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { printable } from '../connect/failure.js';
import { BenchError } from '../errors.js';
import { fateOf } from '../process-identity.js';
import type { ExecResult, Executor, Host } from '../types.js';
import {
  extended,
  lockText,
  newLock,
  readLockView,
  staleness,
  type Holder,
  type LockRecord,
  type LockView,
} from './lock-record.js';

/** The lock of a host, held by this process until it is released or its lease ends. */
export interface HostLock {
  /** Why an older lock was taken over, where there was one, and who held it. */
  readonly tookOver?: string;
  readonly previous?: string;
  /** Makes the lease end `seconds` from now. Rejects with stage `lock` when somebody else has broken the lock. */
  extend(seconds: number): Promise<void>;
  /** The same, and the lock is respected across a restart of the host; the next `extend` ends that. */
  restarting(seconds: number): Promise<void>;
  /** Why the lock is no longer this one; undefined while it is. Changes nothing on the host: one command that reads. */
  whyLost(): Promise<string | undefined>;
  /** Releases the host. Does nothing when the lock is no longer this one. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Takes the lock from any holder: `--break-lock`. */
  readonly breakLock?: boolean;
  /** The run was begun by an earlier process, and this one has claimed its directory. Default: false. */
  readonly resumes?: boolean;
  /** Default: a random UUID. */
  readonly token?: string;
}

const LOST_RACES = 20;
const RACE_LOST = 9;

/**
 * Locks a host for one run: `<workDir>/lock`. The lock is a lease, because a heartbeat would disturb the measurement:
 * `leaseSeconds` must cover the time until the next `extend`, at the next trial. A lock is stale, and taken over, when
 * the host was restarted since, its lease is over, its process has ended (looked up only in the same boot of the same
 * machine and in the same PID namespace), or it is of the run that is being resumed. Otherwise rejects with a `BenchError` of stage `lock` that names the holder, its machine, and the time of the lease.
 */
export async function acquireLock(
  host: Pick<Host, 'id' | 'executor' | 'workDir'>,
  holder: Holder,
  leaseSeconds: number,
  options: LockOptions = {},
): Promise<HostLock> {
  const token = options.token ?? randomUUID();
  const resumes = options.resumes ?? false;
  const file = await putScript(host);
  let tookOver: Pick<HostLock, 'tookOver' | 'previous'> = {};
  await change(host, file, async (view) => {
    if (holds(view, token)) return undefined;
    const processGone = typeof view.lock === 'object' && (await fateOf(view.lock, holder.scope)) === 'ended';
    const stale = staleness(view, holder, { processGone, resumes });
    const reason = stale ?? (options.breakLock === true ? 'it was broken' : undefined);
    if (reason === undefined) throw refused(host, view.lock);
    const previous = typeof view.lock === 'object' ? { previous: describe(view.lock) } : {};
    tookOver = view.lock === 'none' ? {} : { tookOver: reason, ...previous };
    return lockText(newLock(view, holder, token, leaseSeconds));
  });
  const prolong = (seconds: number, restarting: boolean): Promise<void> =>
    change(host, file, (view) => {
      if (!holds(view, token)) throw lost(host, view.lock);
      return Promise.resolve(lockText(extended(view.lock, view, seconds, restarting)));
    });
  return {
    ...tookOver,
    async whyLost() {
      const view = await look(host, file);
      return holds(view, token) ? undefined : lossOf(host, view.lock);
    },
    extend: (seconds) => prolong(seconds, false),
    restarting: (seconds) => prolong(seconds, true),
    release: () => change(host, file, (view) => Promise.resolve(holds(view, token) ? '' : undefined)),
  };
}

type Locked = LockView & { readonly lock: LockRecord };

function holds(view: LockView, token: string): view is Locked {
  return typeof view.lock === 'object' && view.lock.token === token;
}

/**
 * Reads the lock, lets `decide` return the new content (undefined: no change), and replaces it unless it has changed.
 * After a lost connection it looks again, as the change may have been made.
 */
async function change(
  host: Pick<Host, 'id' | 'executor' | 'workDir'>,
  file: string,
  decide: (view: LockView) => Promise<string | undefined>,
): Promise<void> {
  for (let attempt = 0; attempt < LOST_RACES; attempt += 1) {
    try {
      const view = await look(host, file);
      const content = await decide(view);
      if (content === undefined) return;
      const swapped = await script(host.executor, [file, host.workDir, 'swap', view.checksum, content]);
      if (swapped.exit.kind === 'code' && swapped.exit.code === 0) return;
      if (swapped.exit.kind !== 'code' || swapped.exit.code !== RACE_LOST) throw broken(host, swapped);
    } catch (error) {
      if (!(error instanceof BenchError && error.transport) || attempt > 1) throw error;
    }
  }
  throw new BenchError({ stage: 'lock', host: host.id, message: 'too many processes lock this host at once' });
}

async function look(host: Pick<Host, 'id' | 'executor' | 'workDir'>, file: string): Promise<LockView> {
  const shown = await script(host.executor, [file, host.workDir, 'show']);
  if (shown.exit.kind !== 'code' || shown.exit.code !== 0) throw broken(host, shown);
  try {
    return readLockView(shown.stdout);
  } catch (error) {
    const found = printable(error instanceof Error ? error.message : String(error));
    throw new BenchError({ stage: 'lock', host: host.id, message: 'the lock file cannot be read', found });
  }
}

function script(executor: Executor, args: readonly string[]): Promise<ExecResult> {
  return executor.exec({ argv: ['sh', ...args], timeoutMs: 60_000 });
}

async function putScript(host: Pick<Host, 'executor' | 'workDir'>): Promise<string> {
  const content = await readFile(new URL('./lock.sh', import.meta.url));
  const path = `${host.workDir}/bin/lock-${createHash('sha256').update(content).digest('hex').slice(0, 12)}.sh`;
  await host.executor.put({ path, content });
  return path;
}

function refused(host: Pick<Host, 'id' | 'executor'>, lock: LockView['lock']): BenchError {
  return new BenchError({
    stage: 'lock',
    host: host.id,
    message: `${host.executor.where} is in use${typeof lock === 'object' ? ` by ${describe(lock)}` : ''}`,
    expected: 'one bench at a time',
    hint: 'wait for it to end, or take the host from it with --break-lock, which ruins what it measures',
  });
}

function lost(host: Pick<Host, 'id' | 'executor'>, lock: LockView['lock']): BenchError {
  return new BenchError({
    stage: 'lock',
    host: host.id,
    message: lossOf(host, lock),
    hint: 'trials that ran since then may be disturbed',
  });
}

function lossOf({ executor }: Pick<Host, 'executor'>, lock: LockView['lock']): string {
  const now = typeof lock === 'object' ? `it is now held by ${describe(lock)}` : `the lock file is ${lock}`;
  return `the lock of ${executor.where} was lost: ${now}`;
}

function describe(lock: LockRecord): string {
  return `${lock.who} on ${lock.machine} (process ${lock.pid}, run ${lock.run}) since ${lock.since}, until ${lock.until} at most`;
}

function broken(host: Pick<Host, 'id' | 'executor' | 'workDir'>, result: ExecResult): BenchError {
  const exit = result.exit.kind === 'code' ? `exit code ${result.exit.code}` : `signal ${result.exit.signal}`;
  return new BenchError({
    stage: 'lock',
    host: host.id,
    message: `the lock in ${host.workDir} could not be used`,
    found: `${exit} ${printable(result.stderr)}`.trim(),
  });
}
