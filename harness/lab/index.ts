import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BenchError } from '../errors.js';
import type { HostId } from '../types.js';
import { allowedCpus } from './cpus.js';
import { ensureDocker } from './docker.js';
import { purgeCache, removeStateRoot, tearDown } from './down.js';
import { ensureImage } from './emulated/image.js';
import { powerOnEmulated } from './emulated/machine.js';
import { exclusively } from './exclusive.js';
import { EMULATED_HOST, needsMachine, type Extra } from './extras.js';
import { checkHostsFile, hostsFileContent, HOSTS_FILE, writeHostsFile } from './hosts-file.js';
import { makeClientKey, writeLogins } from './logins.js';
import { ensureSwitch, powerOff, powerOn, wire, type Parts, type Switch } from './machines.js';
import { checkHostNames, labPaths, type LabPaths } from './paths.js';
import { needRoot } from './root.js';
import { ensureRootfs, rootfsPath } from './rootfs.js';
import {
  assignHosts,
  hostDirectory,
  readState,
  runningHolder,
  writeState,
  type LabHost,
  type LabState,
} from './state.js';
import { readStatus, type LabStatus } from './status.js';
import { ensureTools } from './tools.js';

export { readExtras } from './extras.js';
export { describeLab, type LabStatus } from './status.js';

/** With the hash of the image of its emulated hosts, when it has such. */
type LabParts = Parts & { readonly image?: string };

/** What the verbs of the lab take. */
export interface LabOptions {
  /** Default `main`. Labs of different names are independent of each other. */
  readonly name?: string;
  /** Where root file systems are kept. Default `/var/cache/bench-lab`. */
  readonly cache?: string;
  /** One line a step, for the user. */
  readonly report: (line: string) => void;
}

export interface LabUpOptions extends LabOptions {
  /** Default `alpha` (under test) and `peer`. */
  readonly hosts?: readonly HostId[];
  /** Where `hosts.lab.json` is written. Default: the current directory. */
  readonly directory?: string;
  /** What it is made with beyond that; what it already has stays. */
  readonly extras?: readonly Extra[];
}

/**
 * Makes the lab be up: builds what is missing, starts the hosts that are off, writes the hosts file. Changes nothing
 * when all of it is there. Needs root and Debian; a `BenchError` names what is missing.
 */
export async function labUp(options: LabUpOptions): Promise<LabStatus> {
  const ids = checkHostNames(options.hosts ?? ['alpha', 'peer']);
  const paths = labPaths(options);
  needRoot('lab up');
  const hostsFile = resolve(options.directory ?? '.', HOSTS_FILE);
  await checkHostsFile(hostsFile);
  await locked(paths, options.report, async () => {
    const rootfs = await ensureRootfs(paths, options.report);
    const parts = { paths, rootfs: rootfs.path, tools: await ensureTools(paths) };
    const before = await usableState(paths, rootfs.hash, options.report);
    const extras = [...new Set([...(before?.extras ?? []), ...(options.extras ?? [])])];
    const machines = needsMachine(extras) ? [EMULATED_HOST] : [];
    checkHostNames([...ids, ...machines]);
    const image = needsMachine(extras) ? (await ensureImage(paths, options.report)).hash : undefined;
    const known = (await discardMachines(paths, before, image, options.report)) ?? [];
    const others = known.map((host) => host.id).filter((id) => ![...ids, ...machines].includes(id));
    const planned = assignHosts(paths, known, [...ids, ...others, ...machines], machines);
    await mkdir(paths.state, { recursive: true, mode: 0o700 });
    await makeClientKey(paths);
    const hostsFiles = [...(before?.hostsFiles ?? []).filter((path) => path !== hostsFile), hostsFile];
    const { cache } = paths;
    const made = image === undefined ? {} : { image };
    const state = { version: 1, hosts: planned, cache, rootfs: rootfs.hash, ...made, extras, hostsFiles } as const;
    await writeState(paths, state);
    const hosts = await startAll({ ...parts, ...made }, planned, options.report);
    await writeState(paths, { ...state, hosts });
    await writeLogins(paths, hosts);
    const [first] = ids;
    if (extras.includes('docker') && first !== undefined) await ensureDocker(paths, first, options.report);
    const content = hostsFileContent(paths, hosts, await allowedCpus(), extras);
    if ((await writeHostsFile(hostsFile, content)) === 'written') options.report(`wrote ${hostsFile}`);
  });
  return readStatus(paths);
}

/** Disks are changes to one root file system; when that is another one now, they cannot be used any longer. */
async function usableState(
  paths: LabPaths,
  rootfs: string,
  report: (line: string) => void,
): ReturnType<typeof readState> {
  const state = await readState(paths);
  if (state === undefined || state.rootfs === rootfs) return state;
  report('the root file system has changed: the hosts start with new disks');
  await tearDown(paths, report);
  return undefined;
}

/** The disks of emulated hosts are changes to one image; if the image has changed, these hosts start with new disks. */
async function discardMachines(
  paths: LabPaths,
  before: LabState | undefined,
  image: string | undefined,
  report: (line: string) => void,
): Promise<readonly LabHost[] | undefined> {
  if (before?.image === image) return before?.hosts;
  for (const { id } of before?.hosts.filter(({ emulated }) => emulated === true) ?? []) {
    report(`the image of ${id} has changed: it starts with a new disk`);
    await powerOff(paths, id);
    await rm(join(hostDirectory(paths, id), 'disk.qcow2'), { force: true });
  }
  return before?.hosts;
}

async function startAll(
  parts: LabParts,
  hosts: readonly LabHost[],
  report: (line: string) => void,
): Promise<readonly LabHost[]> {
  const wired = hosts.filter((host) => host.emulated !== true);
  const names = wired.map((host) => `${host.address}\t${host.id}\n`);
  // In place, not by renaming: running hosts have this very file mounted as /etc/hosts.
  await writeFile(join(parts.paths.state, 'hosts.txt'), `127.0.0.1\tlocalhost\n${names.join('')}`);
  const lan = await ensureSwitch(parts);
  const started: LabHost[] = [];
  for (const host of hosts) started.push(await ensureOn(parts, lan, host, report));
  return started;
}

async function ensureOn(parts: LabParts, lan: Switch, host: LabHost, report: (line: string) => void): Promise<LabHost> {
  const running = await runningHolder(hostDirectory(parts.paths, host.id));
  if (running !== undefined) {
    // The cables of a switch that died went with it.
    if (lan.isNew && host.emulated !== true) await wire(lan.holder, running, host);
    return host;
  }
  if (host.emulated === true) {
    report(`starting ${host.id}, an emulated machine`);
    const on = await powerOnEmulated(parts, parts.image ?? '', host);
    report(`started ${host.id}: SSH on 127.0.0.1:${on.port}`);
    return on;
  }
  const started = await powerOn(parts, lan.holder, host);
  report(`started ${host.id}: ${host.address}, SSH on 127.0.0.1:${started.port}`);
  return started;
}

/**
 * Removes everything that a lab of this name made, in any state; with `purge` the cache of root file systems,
 * too. Without a lab it does nothing.
 */
export async function labDown(options: LabOptions & { readonly purge?: boolean }): Promise<void> {
  const paths = labPaths(options);
  needRoot('lab down');
  await locked(paths, options.report, () => tearDown(paths, options.report));
  await removeStateRoot(paths);
  if (options.purge === true) await purgeCache(paths, options.report);
}

/** What there is of the lab; reads only. */
export async function labStatus(options: Omit<LabOptions, 'report'> = {}): Promise<LabStatus> {
  return readStatus(labPaths(options));
}

/**
 * The power switch of one host of a lab that is up, for tests of what crashes and reboots do: `off` kills all of it at
 * once, `on` starts it with the disk that it had, `cycle` is both.
 */
export async function labPower(
  host: HostId,
  action: 'on' | 'off' | 'cycle',
  options: LabOptions = { report: () => undefined },
): Promise<void> {
  const paths = labPaths(options);
  needRoot('lab power');
  await locked(paths, options.report, async () => {
    const state = await readState(paths);
    const known = state?.hosts.find(({ id }) => id === host);
    if (state === undefined || known === undefined) {
      throw new BenchError({
        stage: 'prepare',
        host,
        message: `the lab ${paths.name} has no such host`,
        expected: state === undefined ? 'a lab that is up' : state.hosts.map(({ id }) => id).join(', '),
        found: host,
        hint: 'bench lab up',
      });
    }
    if (action !== 'on') await powerOff(paths, host);
    if (action === 'off') return;
    const image = state.image === undefined ? {} : { image: state.image };
    const parts = { paths, rootfs: rootfsPath(paths, state.rootfs), tools: await ensureTools(paths), ...image };
    const { port } = await ensureOn(parts, await ensureSwitch(parts), known, options.report);
    const hosts = state.hosts.map((each) => (each.id === host ? { ...each, port } : each));
    await writeState(paths, { ...state, hosts });
    await writeLogins(paths, hosts);
    if (state.extras?.includes('docker') === true && host === hosts[0]?.id) {
      await ensureDocker(paths, host, options.report);
    }
  });
}

function locked<T>(paths: LabPaths, report: (line: string) => void, body: () => Promise<T>): Promise<T> {
  return exclusively(join(paths.stateRoot, `${paths.name}.lock`), report, body);
}
