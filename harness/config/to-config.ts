import { join, resolve } from 'node:path';
import { leaveAllControls } from '../host/controls/wanted.js';
import type { BootProfile, HostConfig, HostId, Json, Shape, TargetConfig, TargetId } from '../types.js';
import type { BootEntry, HostEntry, TargetEntry } from './schema.js';
import { readSize } from './size.js';

/** What `~` and relative paths of a hosts file start from; both absolute. */
export interface LocalPaths {
  readonly folder: string;
  readonly home: string;
}

/** Converts a host of the file to the type of the harness; paths of this machine become absolute. */
export function toHost(id: HostId, entry: HostEntry, paths: LocalPaths): HostConfig {
  const { address, workDir, cpus, toolDirs, description, lab } = entry;
  const boots = entry.boots === undefined ? undefined : mapped(entry.boots, toBoot);
  const controls: Readonly<Record<string, Json>> | undefined =
    entry.controls === 'leave' ? leaveAllControls() : entry.controls;
  return {
    id,
    connect: toConnect(entry, paths),
    ...present({ address, workDir, cpus, toolDirs, description, lab, boots, controls }),
  };
}

function toConnect(entry: HostEntry, paths: LocalPaths): HostConfig['connect'] {
  if (entry.ssh === undefined) return { via: 'local' };
  const absolute = (path: string): string => toAbsolute(path, paths);
  const { user, port, jump } = entry;
  return {
    via: 'ssh',
    destination: entry.ssh,
    ...present({
      user,
      port,
      identityFiles: entry.identityFiles?.map(absolute),
      knownHostsFiles: entry.knownHostsFiles?.map(absolute),
      configFile: entry.configFile === undefined ? undefined : absolute(entry.configFile),
      jump,
    }),
  };
}

/** `~` and `~/x` are in the home directory; any other relative path starts at the folder of the hosts file. */
function toAbsolute(path: string, { folder, home }: LocalPaths): string {
  if (path === '~') return home;
  return path.startsWith('~/') ? join(home, path.slice(2)) : resolve(folder, path);
}

/** Converts a target of the file to the type of the harness; sizes become bytes. */
export function toTarget(id: TargetId, entry: TargetEntry): TargetConfig {
  const { host, platform, peer, label, reproduces, baseline, boot, options = {} } = entry;
  const { cpus, cpuWeight, cpuCap, cpuReservation, memory, disk } = entry.shape;
  const shape: Shape = {
    cpus,
    ...present({ memoryBytes: toBytes(memory), diskBytes: toBytes(disk), cpuWeight, cpuCap, cpuReservation }),
  };
  return { id, host, platform, shape, options, ...present({ peer, label, reproduces, baseline, boot }) };
}

function toBoot({ select, reboot, limitSeconds, expect }: BootEntry): BootProfile {
  const { kernelRelease, cpus, hypervisor, commandLine } = expect;
  return {
    select,
    ...present({
      reboot: reboot === undefined ? undefined : { command: reboot.command, ...present({ local: reboot.local }) },
      limitSeconds,
    }),
    expect: present({ kernelRelease, cpus, hypervisor, commandLine }),
  };
}

function mapped<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function toBytes(size: number | string | undefined): number | undefined {
  return typeof size === 'string' ? readSize(size) : size;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Removes undefined members: in the types of the harness an optional member is absent, never undefined. */
function present<T extends object>(members: T): Present<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
