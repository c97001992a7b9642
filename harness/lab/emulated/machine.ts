import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BenchError } from '../../errors.js';
import { hierarchies, makeGroups, removeGroups, type Weight } from '../cgroups.js';
import { command } from '../command.js';
import { seedHost } from '../logins.js';
import type { Parts } from '../machines.js';
import type { LabPaths } from '../paths.js';
import { isRunning, processOf, type ProcessId } from '../process.js';
import { exists } from '../rootfs.js';
import { hostDirectory, nextPort, writeHolder, type LabHost } from '../state.js';
import { imagePath } from './image.js';
import { EMULATED_CPUS, EMULATED_MEMORY_MIB } from './menu.js';

const PORT_TRIES = 20;
/**
 * The weight of as many processes as it has CPUs: `bench` runs on the same CPUs, and would time out with a higher one.
 */
const WEIGHT: Weight = { v1: 1024 * EMULATED_CPUS, v2: 100 * EMULATED_CPUS };
const BOOT_MS = 240_000;
const POLL_MS = 100;
/** What sshd prints on the console: who connects earlier waits seconds for a packet to be sent again. */
const READY = /Server listening on :: port 22/;

/**
 * Starts an emulated machine that is off: its disk is as it was, changes to the image of this hash, and it boots what its
 * menu selects. Returns it with the port that it got once its SSH server listens.
 */
export async function powerOnEmulated(parts: Parts, image: string, host: LabHost): Promise<LabHost> {
  const { paths } = parts;
  const directory = hostDirectory(paths, host.id);
  const all = await hierarchies();
  await removeGroups(all.map((hierarchy) => join(hierarchy.path, paths.emulatedCgroup, host.id)));
  const groups = await makeGroups(all, paths.emulatedCgroup, host.id, WEIGHT);
  await mkdir(directory, { recursive: true });
  await seedHost(paths, host.id, parts.tools.shell);
  const [seed, disk, console] = ['seed.tar', 'disk.qcow2', 'console'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await command(['tar', '-C', join(directory, 'seed'), '-cf', seed, '.']);
  if (!(await exists(disk))) await makeDisk(imagePath(paths, image), disk);
  await rm(console, { force: true });
  const [holder, port] = await launch(directory, groups, host, machineArguments({ disk, seed, console }));
  await writeHolder(directory, holder);
  await untilReady(paths, host, holder, console);
  return { ...host, port };
}

async function makeDisk(image: string, disk: string): Promise<void> {
  await command(['qemu-img', 'create', '-q', '-f', 'qcow2', '-b', image, '-F', 'raw', `${disk}.new`]);
  await command(['mv', `${disk}.new`, disk]);
}

/** Of QEMU, without the network: emulated from end to end, so that it runs on machines without virtualization. */
function machineArguments({ disk, seed, console }: Record<'disk' | 'seed' | 'console', string>): readonly string[] {
  return [
    ...['-M', 'pc', '-accel', 'tcg,thread=multi', '-m', String(EMULATED_MEMORY_MIB), '-smp', String(EMULATED_CPUS)],
    // With SMAP, which the emulation has and Xen turns on, the host VM dies.
    ...['-cpu', 'max,-smap'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-serial', `file:${escaped(console)}`],
    // What the guest has written is in the page cache of this machine: it outlives QEMU, and nothing waits for a real disk.
    ...['-drive', `id=d,if=none,file=${escaped(disk)},format=qcow2,cache=unsafe`],
    ...['-device', 'virtio-blk-pci,drive=d,bootindex=1'],
    ...['-drive', `id=s,if=none,file=${escaped(seed)},format=raw,readonly=on`, '-device', 'virtio-blk-pci,drive=s'],
  ];
}

/** A comma separates QEMU's settings, two of them are one. */
function escaped(path: string): string {
  return path.replaceAll(',', ',,');
}

async function launch(
  directory: string,
  groups: readonly string[],
  host: LabHost,
  machine: readonly string[],
): Promise<readonly [ProcessId, number]> {
  const script = fileURLToPath(new URL('./launch.sh', import.meta.url));
  const pidFile = join(directory, 'qemu.pid');
  let { port } = host;
  for (let tries = 1; ; tries += 1) {
    const network = [
      // It reaches nothing: only SSH comes in.
      ...['-netdev', `user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:${port}-:22`],
      ...['-device', 'virtio-net-pci,netdev=n,romfile='],
    ];
    const qemu = ['qemu-system-x86_64', ...machine, ...network, '-daemonize', '-pidfile', pidFile];
    try {
      await command(['sh', script, ...groups, '--', ...qemu]);
      const holder = await processOf(Number(await readFile(pidFile, 'utf8')));
      if (holder !== undefined) return [holder, port];
      throw failed(host, 'QEMU ended right after it started', '');
    } catch (error) {
      const taken = error instanceof BenchError && (error.problem.found ?? '').includes('host forwarding');
      if (!taken || tries === PORT_TRIES) throw error;
      port = nextPort(port);
    }
  }
}

async function untilReady(paths: LabPaths, host: LabHost, holder: ProcessId, console: string): Promise<void> {
  for (let waited = 0; waited < BOOT_MS; waited += POLL_MS) {
    if (READY.test(await readFile(console, 'utf8').catch(() => ''))) return;
    if (!(await isRunning(holder))) break;
    await sleep(POLL_MS);
  }
  const output = await readFile(console, 'utf8').catch(() => '');
  const [running] = [await isRunning(holder)];
  await removeGroups((await hierarchies()).map((hierarchy) => join(hierarchy.path, paths.emulatedCgroup, host.id)));
  const what = running ? `has not booted within ${BOOT_MS / 1000} s` : 'went off while it booted';
  throw failed(host, `the emulated machine ${what}`, output.trim().split(/\r?\n/).slice(-3).join(' / '));
}

function failed(host: LabHost, message: string, found: string): BenchError {
  return new BenchError({
    stage: 'prepare',
    host: host.id,
    message,
    expected: 'a machine whose SSH server listens',
    found: found === '' ? 'nothing on its console' : found,
  });
}
