import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, distinguished from those of other machines, boots and containers, and from a later one of its id. */
export interface ProcessIdentity {
  /**
   * Where its id is valid: `MACHINE-BOOT-NAMESPACE`, of a hash of machine-id(5) and the host name, the boot id without its
   * dashes, and the inode of the PID namespace. What cannot be read is empty.
   */
  readonly scope: string;
  readonly pid: number;
  /** Start time, field 22 of /proc/PID/stat (proc(5)), in clock ticks since boot. */
  readonly pidStart: string;
}

/**
 * What became of a process. `unknown`: its id cannot be looked up from here. `restarted`: the same, and it belongs to
 * another boot of a machine with the same id and name as this one.
 */
export type Fate = 'running' | 'ended' | 'restarted' | 'unknown';

/** This process. */
export async function thisProcess(): Promise<ProcessIdentity> {
  const found = await lookUp(process.pid);
  return { scope: await thisScope(), pid: process.pid, pidStart: typeof found === 'object' ? found.started : '' };
}

/** What became of a process, as seen by one whose scope is `mine`. */
export async function fateOf(other: ProcessIdentity, mine: string): Promise<Fate> {
  if (!isSameScope(other.scope, mine)) return isEarlierBoot(other.scope, mine) ? 'restarted' : 'unknown';
  const found = await lookUp(other.pid);
  if (typeof found !== 'object') return found === 'none' ? 'ended' : 'unknown';
  return found.started === other.pidStart && found.state !== 'Z' ? 'running' : 'ended';
}

function isSameScope(other: string, mine: string): boolean {
  const [, boot = '', namespace = ''] = mine.split('-');
  return other === mine && boot !== '' && namespace !== '';
}

function isEarlierBoot(other: string, mine: string): boolean {
  const [machine = '', boot = ''] = mine.split('-');
  const [otherMachine, otherBoot = ''] = other.split('-');
  return machine !== '' && machine === otherMachine && boot !== '' && otherBoot !== '' && boot !== otherBoot;
}

async function thisScope(): Promise<string> {
  const read = (path: string): Promise<string> => readFile(path, 'utf8').then((text) => text.trim(), nothing);
  const id = (await read('/etc/machine-id')) || (await read('/var/lib/dbus/machine-id'));
  // machine-id(5) asks not to publish the id itself. Copies of one image may share it, and then differ in name.
  const hash = createHash('sha256').update(`bench ${id} ${hostname()}`).digest('hex').slice(0, 16);
  const boot = (await read('/proc/sys/kernel/random/boot_id')).replaceAll('-', '');
  const namespace = /^pid:\[(\d+)\]$/.exec(await readlink('/proc/self/ns/pid').catch(nothing))?.[1] ?? '';
  return `${id === '' ? '' : hash}-${boot}-${namespace}`;
}

const nothing = (): string => '';

interface Found {
  readonly state: string;
  readonly started: string;
}

/** A process of this PID namespace. */
async function lookUp(pid: number): Promise<Found | 'none' | 'hidden'> {
  // A /proc of another PID namespace has other processes under these ids.
  if ((await readlink('/proc/self').catch(nothing)) !== String(process.pid)) return 'hidden';
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything; field 3 follows it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0] ?? '', started: fields[19] ?? '' };
  } catch {
    return exists(pid) ? 'hidden' : 'none';
  }
}

/** Whether there is a process of this id, also where /proc shows only those of the same user (`hidepid`). */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
