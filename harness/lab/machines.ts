import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../errors.js';
import type { HostId } from '../types.js';
import { hierarchies, makeGroups, removeGroups, type Hierarchy } from './cgroups.js';
import { command } from './command.js';
import { allowedCpus } from './cpus.js';
import { seedHost } from './logins.js';
import { ownGroups, type LabPaths } from './paths.js';
import { processOf, type ProcessId } from './process.js';
import { hostDirectory, nextPort, runningHolder, writeHolder, type LabHost } from './state.js';
import type { LabTools } from './tools.js';

/** What starting hosts needs and the lab has made once. */
export interface Parts {
  readonly paths: LabPaths;
  readonly tools: LabTools;
  /** Path of the root file system. */
  readonly rootfs: string;
}

/** The bridge that all hosts are wired to. */
export interface Switch {
  readonly holder: ProcessId;
  /** Made by this call: nothing is wired to it yet. */
  readonly isNew: boolean;
}

/** Its group cannot be taken for that of a host: names of hosts have no dot. */
const SWITCH = 'switch.lab';
const PORT_TRIES = 20;

/** A network namespace with a bridge and nothing else; the hosts are wired to it. */
export async function ensureSwitch({ paths, tools }: Parts): Promise<Switch> {
  const directory = join(paths.state, 'switch');
  const running = await runningHolder(directory);
  if (running !== undefined) return { holder: running, isNew: false };
  const all = await hierarchies();
  await removeGroups(all.map((hierarchy) => join(hierarchy.path, paths.cgroup, SWITCH)));
  const groups = await makeGroups(all, paths.cgroup, SWITCH);
  await mkdir(directory, { recursive: true });
  const holder = await hold([tools.init, `${paths.cgroup}/${SWITCH}`, '-', await ownCpu(), ...groups, '--']);
  await ip(holder, ['link add name lan type bridge', 'link set lan up', 'link set lo up']);
  await writeHolder(directory, holder);
  return { holder, isNew: true };
}

/**
 * Starts a host that is off: its disk is as it was, /run and /dev/shm are empty, its boot id is new. Returns it with the port that it got, which is another one when its own was taken meanwhile.
 */
export async function powerOn(parts: Parts, lan: ProcessId, host: LabHost): Promise<LabHost> {
  const { paths } = parts;
  const directory = hostDirectory(paths, host.id);
  const all = await hierarchies();
  await removeGroups(all.map((hierarchy) => join(hierarchy.path, paths.cgroup, host.id)));
  const groups = await makeGroups(all, paths.cgroup, host.id);
  for (const name of ['upper', 'work', 'root', 'bench', 'lxc', 'docker', 'containers']) {
    await mkdir(join(directory, name), { recursive: true });
  }
  await seedHost(paths, host.id, parts.tools.shell);
  const [holder, port] = await boot(parts, host, groups, all);
  await wire(lan, holder, host);
  await writeHolder(directory, holder);
  return { ...host, port };
}

/** As if its plug were pulled: everything in it is killed at once. */
export async function powerOff(paths: LabPaths, id: HostId): Promise<void> {
  const parents = (await hierarchies()).flatMap(({ path }) => ownGroups(paths).map((group) => join(path, group)));
  await removeGroups(parents.map((parent) => join(parent, id)));
}

async function boot(
  { paths, tools, rootfs }: Parts,
  host: LabHost,
  groups: readonly string[],
  all: readonly Hierarchy[],
): Promise<readonly [ProcessId, number]> {
  const setup = [
    ...['/bin/sh', fileURLToPath(new URL('./boot.sh', import.meta.url))],
    ...[hostDirectory(paths, host.id), rootfs, join(paths.state, 'hosts.txt')],
    ...all.map(({ name, options }) => `${name}=${options}`),
  ];
  let { port } = host;
  for (let tries = 1; ; tries += 1) {
    try {
      const holder = await hold([tools.init, host.id, String(port), await ownCpu(), ...groups, '--', ...setup]);
      return [holder, port];
    } catch (error) {
      if (!(error instanceof BenchError && error.message.includes('cannot listen')) || tries === PORT_TRIES)
        throw error;
      port = nextPort(port);
    }
  }
}

/** Starts lab-init and returns the first process of what it made. */
async function hold(argv: readonly [string, ...string[]]): Promise<ProcessId> {
  const output = await command(argv);
  const pid = Number(/^ready (\d+)$/m.exec(output)?.[1]);
  const holder = await processOf(pid);
  if (holder !== undefined) return holder;
  throw new BenchError({
    stage: 'prepare',
    message: `the first process of ${argv[1] ?? 'a lab host'} ended right after it started`,
    expected: 'ready PID',
    found: JSON.stringify(output),
  });
}

/** A cable from the switch to the host, whose end of it is eth0. */
export async function wire(lan: ProcessId, holder: ProcessId, { id, address }: LabHost): Promise<void> {
  // A cable of a host that was killed goes with its namespace, but the kernel takes its time over that.
  await ip(lan, [`link del ${id}`]).catch(() => undefined);
  await ip(lan, [
    `link add name ${id} type veth peer name eth0 netns ${holder.pid}`,
    `link set ${id} master lan`,
    `link set ${id} up`,
  ]);
  await ip(holder, ['link set lo up', `addr add ${address}/24 dev eth0`, 'link set eth0 up']);
}

/** Lines of ip-batch in the network namespace of a process. */
async function ip(holder: ProcessId, lines: readonly string[]): Promise<void> {
  await command(['nsenter', '--target', String(holder.pid), '--net', 'ip', '-batch', '-'], {
    input: lines.map((line) => `${line}\n`).join(''),
  });
}

async function ownCpu(): Promise<string> {
  return String((await allowedCpus())[0] ?? 0);
}
