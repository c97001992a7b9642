import { join } from 'node:path';
import type { HostId } from '../types.js';
import { hierarchies, processesIn } from './cgroups.js';
import { command } from './command.js';
import { ownGroups, type LabPaths } from './paths.js';
import { hostDirectory, readState, runningHolder } from './state.js';

interface LabHostStatus {
  readonly id: HostId;
  readonly state: 'on' | 'off';
  readonly address: string;
  /** SSH on 127.0.0.1. */
  readonly port: number;
  readonly emulated?: true;
  /** The first process of the host, or its QEMU, as the machine numbers it; absent when it is off. */
  readonly pid?: number;
}

/** What there is of a lab. */
export interface LabStatus {
  readonly name: string;
  /** Whether it has hosts and all of them are on. */
  readonly up: boolean;
  readonly hosts: readonly LabHostStatus[];
  /** Processes in the lab's cgroups, guests included; also those that a crash left. */
  readonly processes: number;
  readonly hostsFile?: string;
  /** An ssh_config(5) that knows the hosts: `ssh -F FILE alpha`. */
  readonly sshConfig?: string;
  readonly cache: { readonly path: string; readonly bytes: number };
}

export async function readStatus(paths: LabPaths): Promise<LabStatus> {
  const state = await readState(paths);
  const hosts: LabHostStatus[] = [];
  for (const { id, address, port, emulated } of state?.hosts ?? []) {
    const holder = await runningHolder(hostDirectory(paths, id));
    hosts.push({
      id,
      address,
      port,
      ...(emulated === undefined ? {} : { emulated }),
      ...(holder === undefined ? { state: 'off' } : { state: 'on', pid: holder.pid }),
    });
  }
  const groups = (await hierarchies()).flatMap(({ path }) => ownGroups(paths).map((group) => join(path, group)));
  return {
    name: paths.name,
    up: hosts.length > 0 && hosts.every((host) => host.state === 'on'),
    hosts,
    processes: (await processesIn(groups)).length,
    ...(state === undefined
      ? {}
      : { hostsFile: state.hostsFiles.at(-1) ?? '', sshConfig: join(paths.state, 'ssh', 'config') }),
    cache: { path: paths.cache, bytes: await sizeOf(paths.cache) },
  };
}

async function sizeOf(path: string): Promise<number> {
  const output = await command(['du', '--summarize', '--block-size=1', path]).catch(() => '0');
  return Number(output.split('\t')[0]);
}

/** The status in lines for a terminal. */
export function describeLab(status: LabStatus): readonly string[] {
  const hosts = status.hosts.map(({ id, state, address, emulated, port, pid }) =>
    state === 'on'
      ? `${id}  on   ${emulated === true ? 'emulated' : address}  SSH on 127.0.0.1:${port}  process ${pid ?? '?'}`
      : `${id}  off  ${emulated === true ? 'emulated' : address}`,
  );
  return [
    status.hosts.length === 0 ? `lab ${status.name}: down` : `lab ${status.name}: ${status.up ? 'up' : 'partly up'}`,
    ...hosts,
    ...(status.processes > 0 ? [`processes: ${status.processes}`] : []),
    ...(status.hostsFile === undefined ? [] : [`hosts file: ${status.hostsFile}`]),
    ...(status.sshConfig === undefined ? [] : [`log in: ssh -F ${status.sshConfig} ${status.hosts[0]?.id ?? 'HOST'}`]),
    `cache: ${status.cache.path}, ${Math.round(status.cache.bytes / 1e6)} MB`,
  ];
}
