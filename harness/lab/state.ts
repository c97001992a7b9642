import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchError } from '../errors.js';
import type { HostId } from '../types.js';
import type { Extra } from './extras.js';
import type { LabPaths } from './paths.js';
import { isRunning, type ProcessId } from './process.js';

/** A host of the lab as its state directory remembers it. */
export interface LabHost {
  readonly id: HostId;
  /** In the lab's own network; the range is reserved for benchmarks of network devices (RFC 2544). */
  readonly address: string;
  /** SSH on 127.0.0.1 of the machine. */
  readonly port: number;
  /** A machine of its own, which QEMU emulates; it is not wired to the lab's network. Absent: namespaces. */
  readonly emulated?: true;
}

/** `lab.json` in the state directory: what `up` decided. */
export interface LabState {
  readonly version: 1;
  readonly hosts: readonly LabHost[];
  /** The cache that it is in. */
  readonly cache: string;
  /** Hash of the root file system that the hosts' disks are changes to. */
  readonly rootfs: string;
  /** Hash of the image that disks of emulated hosts are changes to; absent without such a host. */
  readonly image?: string;
  /** What the lab was made with. */
  readonly extras?: readonly Extra[];
  /** Where hosts files were written, the latest last. */
  readonly hostsFiles: readonly string[];
}

const FIRST_ADDRESS = 10;
const ADDRESSES = 240;
/** Below the range that the kernel gives to outgoing connections. */
const FIRST_PORT = 20000;
const PORTS = 10000;

/** What an earlier `up` decided; undefined when there is no lab. */
export async function readState(paths: LabPaths): Promise<LabState | undefined> {
  const path = join(paths.state, 'lab.json');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const state = parse(text) as LabState | undefined;
  if (state?.version === 1) return state;
  throw new BenchError({
    stage: 'prepare',
    message: `${path} cannot be read`,
    expected: 'the state of a lab, version 1',
    found: text.slice(0, 60),
    hint: 'remove the lab with bench lab down, then run bench lab up',
  });
}

export async function writeState(paths: LabPaths, state: LabState): Promise<void> {
  await writeWhole(join(paths.state, 'lab.json'), `${JSON.stringify(state, null, 2)}\n`);
}

/** The directory of a host's disk and files. */
export function hostDirectory(paths: LabPaths, id: HostId): string {
  return join(paths.state, 'hosts', id);
}

/** The requested hosts, each with the address and port that it had, or with new ones. */
export function assignHosts(
  paths: LabPaths,
  known: readonly LabHost[],
  ids: readonly HostId[],
  emulated: readonly HostId[] = [],
): readonly LabHost[] {
  const assigned: LabHost[] = [];
  for (const id of ids) {
    const before = known.find((host) => host.id === id);
    const port = preferredPort(paths, id);
    const added: LabHost = emulated.includes(id)
      ? { id, address: '127.0.0.1', port, emulated: true }
      : { id, address: freeAddress([...known, ...assigned]), port };
    assigned.push(before ?? added);
  }
  return assigned;
}

function freeAddress(taken: readonly LabHost[]): string {
  for (let n = FIRST_ADDRESS; n < FIRST_ADDRESS + ADDRESSES; n += 1) {
    const address = `198.18.0.${n}`;
    if (!taken.some((host) => host.address === address)) return address;
  }
  throw new RangeError(`a lab has at most ${ADDRESSES} hosts`);
}

/** The same lab gets the same port each time when it is free, so that its hosts file stays as it is. */
function preferredPort(paths: LabPaths, id: HostId): number {
  return FIRST_PORT + (createHash('sha256').update(`${paths.name}/${id}`).digest().readUInt32BE() % PORTS);
}

/** The next port to try when this one is taken. */
export function nextPort(port: number): number {
  return FIRST_PORT + ((port - FIRST_PORT + 1) % PORTS);
}

/** Remembers which process holds a host or the switch. */
export async function writeHolder(directory: string, holder: ProcessId): Promise<void> {
  await writeWhole(join(directory, 'process.json'), `${JSON.stringify(holder)}\n`);
}

/** The process that holds a host or the switch, when it is running. */
export async function runningHolder(directory: string): Promise<ProcessId | undefined> {
  const text = await readFile(join(directory, 'process.json'), 'utf8').catch(() => undefined);
  const holder = text === undefined ? undefined : (parse(text) as ProcessId | undefined);
  return holder !== undefined && (await isRunning(holder)) ? holder : undefined;
}

/** Undefined for what is not JSON: a file that a power cut left empty. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The file appears whole or not at all. */
export async function writeWhole(path: string, content: string, mode = 0o644): Promise<void> {
  const temporary = `${path}.tmp`;
  await writeFile(temporary, content, { mode });
  await rename(temporary, path);
}
