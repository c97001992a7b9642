import { BenchError } from '../errors.js';

/** Where one lab keeps what it makes. Two labs of different names never touch each other. */
export interface Place {
  readonly name: string;
  /** Parent of the state directories of all labs. */
  readonly stateRoot: string;
  /** State of this lab: disks of its hosts, keys, process ids. Removed by `down`. */
  readonly state: string;
  /** Root file systems and compiled tools, by content hash, shared by all labs. Removed by `down` with `purge`. */
  readonly cache: string;
  /** Name of this lab's group in every cgroup hierarchy. */
  readonly cgroup: string;
}

/** The lab of this name: lower-case letters, digits and dashes. Default `main`. */
export function labPlace(name = 'main'): Place {
  checkName('lab', name, /^[a-z0-9][a-z0-9-]{0,30}$/);
  const stateRoot = '/var/lib/bench-lab';
  return { name, stateRoot, state: `${stateRoot}/${name}`, cache: '/var/cache/bench-lab', cgroup: `bench-lab.${name}` };
}

/** Names of hosts become host names and interface names, which Linux limits to 15 bytes. */
export function checkHostName(id: string): void {
  checkName('host', id, /^[a-z][a-z0-9-]{0,14}$/);
}

function checkName(what: string, name: string, pattern: RegExp): void {
  if (pattern.test(name)) return;
  throw new BenchError({
    stage: 'config',
    message: `${JSON.stringify(name)} cannot be the name of a lab ${what}`,
    expected: pattern.source,
    found: JSON.stringify(name),
  });
}
