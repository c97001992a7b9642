import type { ProcessIdentity } from '../process-identity.js';

/** Who wants or has the lock of a host. */
export interface Holder extends ProcessIdentity {
  /** `user@machine`, for messages. */
  readonly who: string;
  readonly run: string;
  /** Name of the machine on which `bench` runs, for messages: several machines may have it. */
  readonly machine: string;
}

/** The content of a lock file. */
export interface LockRecord extends Holder {
  readonly format: 'bench-lock/1';
  /** Random: identifies this lock. */
  readonly token: string;
  /** ISO 8601, by the host's clock; for messages only. */
  readonly since: string;
  readonly until: string;
  readonly bootId: string;
  /** End of the lease in seconds of the host's uptime: no clock step moves it. */
  readonly leaseEnd: number;
  /** Its holder restarts the host: it is respected after that, too, until `until` by the host's clock. */
  readonly restarting?: true;
}

/** A host's lock file as it was seen, with what is needed to judge it and to replace it. */
export interface LockView {
  readonly bootId: string;
  readonly uptimeSeconds: number;
  readonly utc: string;
  readonly checksum: string;
  /** `damaged`: there is something, but it is no lock record (cut short, or written by something else). */
  readonly lock: LockRecord | 'none' | 'damaged';
}

/** Reads what `lock.sh show` printed; throws an `Error` on anything else. */
export function readLockView(output: string): LockView {
  const [bootId = '', uptime = '', utc = '', checksum = '', ...content] = output.split('\n');
  const uptimeSeconds = Number(uptime);
  const known =
    /^[0-9a-f-]{1,64}$/.test(bootId) &&
    uptime !== '' &&
    Number.isFinite(uptimeSeconds) &&
    !Number.isNaN(Date.parse(utc)) &&
    /^\d+ \d+$/.test(checksum);
  if (!known) throw new Error(`lock.sh printed ${JSON.stringify(output.slice(0, 120))}`);
  return { bootId, uptimeSeconds, utc, checksum, lock: readLock(content.join('\n')) };
}

/** The text of a lock file: one line of JSON. Control characters of names do not reach anyone's terminal. */
export function lockText(record: LockRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The record of a lock that begins now and is held for `leaseSeconds`. */
export function newLock(view: LockView, holder: Holder, token: string, leaseSeconds: number): LockRecord {
  return {
    format: 'bench-lock/1',
    token,
    who: clean(holder.who),
    run: clean(holder.run),
    machine: clean(holder.machine),
    scope: clean(holder.scope),
    pid: holder.pid,
    pidStart: clean(holder.pidStart),
    since: view.utc,
    ...leaseFrom(view, leaseSeconds),
  };
}

/** The same lock, held for `leaseSeconds` from now; `restarting`: also across a restart of the host. */
export function extended(record: LockRecord, view: LockView, leaseSeconds: number, restarting = false): LockRecord {
  const lease = leaseFrom(view, leaseSeconds);
  const { who, run, machine, scope, pid, pidStart, format, token, since } = record;
  const same = { who, run, machine, scope, pid, pidStart, format, token, since };
  return { ...same, ...lease, ...(restarting ? { restarting } : {}) };
}

/** What is known about a lock apart from its record. */
export interface Circumstances {
  /** The process that holds it has ended, and is known to have: it ran where process ids can be looked up. */
  readonly processGone: boolean;
  /**
   * The run that asks was begun by an earlier process, and this one has claimed its directory: no other live process works
   * on it.
   */
  readonly resumes: boolean;
}

/**
 * Why a lock need not be respected, or undefined: it must be. A damaged lock is stale: locks are written whole, so its
 * writer has ended.
 */
export function staleness(
  view: LockView,
  mine: Pick<Holder, 'run' | 'scope'>,
  { processGone, resumes }: Circumstances,
): string | undefined {
  const { lock } = view;
  if (lock === 'none') return 'there is none';
  if (lock === 'damaged') return 'it is damaged';
  if (lock.bootId !== view.bootId) {
    const wanted = lock.restarting === true && Date.parse(view.utc) <= Date.parse(lock.until);
    if (!wanted) return 'the host was restarted since';
  } else if (lock.leaseEnd <= view.uptimeSeconds) return 'its lease is over';
  if (processGone) return 'its process has ended';
  if (resumes && lock.scope !== clean(mine.scope) && lock.run === clean(mine.run)) return 'it is of the same run';
  return undefined;
}

function leaseFrom(view: LockView, leaseSeconds: number): Pick<LockRecord, 'until' | 'bootId' | 'leaseEnd'> {
  const until = new Date(Date.parse(view.utc) + leaseSeconds * 1000);
  return {
    until: `${until.toISOString().slice(0, 19)}Z`,
    bootId: view.bootId,
    leaseEnd: view.uptimeSeconds + leaseSeconds,
  };
}

function readLock(text: string): LockView['lock'] {
  if (text === '') return 'none';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'damaged';
  }
  if (typeof value !== 'object' || value === null) return 'damaged';
  const fields = new Map<string, unknown>(Object.entries(value));
  const string = (name: string): string | undefined => {
    const found = fields.get(name);
    return typeof found === 'string' ? clean(found) : undefined;
  };
  const number = (name: string): number | undefined => {
    const found = fields.get(name);
    return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
  };
  const record = {
    format: string('format') === 'bench-lock/1' ? ('bench-lock/1' as const) : undefined,
    token: string('token'),
    who: string('who'),
    run: string('run'),
    machine: string('machine'),
    // Absent in locks of earlier versions: such a process cannot be looked up.
    scope: string('scope') ?? '',
    pid: number('pid'),
    pidStart: string('pidStart'),
    since: string('since'),
    until: string('until'),
    bootId: string('bootId'),
    leaseEnd: number('leaseEnd'),
  };
  if (!isWhole(record)) return 'damaged';
  return fields.get('restarting') === true ? { ...record, restarting: true } : record;
}

function isWhole(record: {
  readonly [Field in keyof Required<LockRecord> as Field extends 'restarting' ? never : Field]:
    LockRecord[Field] | undefined;
}): record is LockRecord {
  return Object.values(record).every((value) => value !== undefined);
}

function clean(text: string): string {
  return text.replace(/\p{C}/gu, '?').slice(0, 200);
}
