import { BenchError } from '../errors.js';
import type { HostId } from '../types.js';

/** Where one lab keeps what it makes. Two labs of different names never touch each other. */
export interface LabPaths {
  readonly name: string;
  /** Parent of the state directories of all labs. */
  readonly stateRoot: string;
  /** State of this lab: disks of its hosts, keys, process ids. Removed by `down`. */
  readonly state: string;
  /** Root file systems and compiled tools, by content hash, shared by all labs. Removed by `down` with `purge`. */
  readonly cache: string;
  /** Name of this lab's group in every cgroup hierarchy. */
  readonly cgroup: string;
  /** Of the group of its emulated machines: beside the other, whose weight would let them starve the whole machine. */
  readonly emulatedCgroup: string;
}

/** The lab of this name: lower-case letters, digits and dashes. Default `main`, with the cache that all labs share. */
export function labPaths({
  name = 'main',
  cache = '/var/cache/bench-lab',
}: {
  name?: string;
  cache?: string;
}): LabPaths {
  checkName('lab', name, /^[a-z0-9][a-z0-9-]{0,30}$/);
  const stateRoot = '/var/lib/bench-lab';
  const cgroup = `bench-lab.${name}`;
  return { name, stateRoot, state: `${stateRoot}/${name}`, cache, cgroup, emulatedCgroup: `${cgroup}.emulated` };
}

/** Names of the groups that all which a lab starts is in. */
export const ownGroups = ({ cgroup, emulatedCgroup }: LabPaths): readonly string[] => [cgroup, emulatedCgroup];

/** Names of hosts become host names and interface names, which Linux limits to 15 bytes. Each occurs once. */
export function checkHostNames(ids: readonly HostId[]): readonly HostId[] {
  for (const id of ids) checkName('host', id, /^[a-z](?:[a-z0-9-]{0,13}[a-z0-9])?$/);
  // The switch has a port of its own by this name.
  if (ids.length > 0 && new Set(ids).size === ids.length && !ids.includes('lan') && !ids.includes('lo')) return ids;
  throw new BenchError({
    stage: 'config',
    message: 'these cannot be the hosts of a lab',
    expected: 'at least one name, each once, none of them `lan` or `lo`',
    found: ids.length === 0 ? 'none' : ids.join(', '),
  });
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
