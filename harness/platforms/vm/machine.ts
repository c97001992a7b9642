import { printed } from '../../host/printed.js';
import type { Executor, Finding, Guest, GuestSpec, Host } from '../../types.js';
import { guestExecutor } from './executor.js';
import { addressing, type Addressing } from './network.js';
import type { VmOptions } from './options.js';
import { GUEST_WORK_DIR } from '../guest/names.js';
import type { GuestPaths } from './paths.js';
import { awaitSession, dropSession, openSession, type Booting } from './session.js';
import { DEFAULT_BOOT_SECONDS } from './options.js';
import { slotOf } from './disk.js';

/** One guest's machine in its hypervisor. */
export interface Machine extends Booting {
  /** The limits in force, read from the hypervisor. */
  readBack(): Promise<readonly Finding[]>;
  /** Ends it at once in any state, and removes what it holds on the host except its files. */
  destroy(): Promise<void>;
}

/** How long a guest may take to power off before it is destroyed: its writes have been synchronized before. */
const POWER_OFF_SECONDS = 20;

/** `sync` first: an image without a way to power off loses nothing by being destroyed. */
const POWER_OFF = 'sync; (sleep 0.1; exec poweroff) </dev/null >/dev/null 2>&1 &';

/** A guest that runs. CPUs are numbered from 0 inside a virtual machine. */
export function vmGuest(
  host: Host,
  spec: GuestSpec,
  paths: GuestPaths,
  ssh: Addressing['ssh'],
  machine: Machine,
): Guest {
  const { executor } = host;
  const inside = guestExecutor(executor, paths, ssh, machine, spec.target.platform);
  return {
    name: spec.name,
    executor: inside,
    workDir: GUEST_WORK_DIR,
    cpus: spec.target.shape.cpus.map((_, index) => index),
    readBack: () => machine.readBack(),
    async stop() {
      if (await machine.isRunning()) await powerOff(inside, machine);
      await machine.destroy();
      await dropSession(executor, paths);
    },
  };
}

/** Waits until commands can run in a machine that was started; resolves to its guest. */
export async function arrive(
  host: Host,
  spec: GuestSpec,
  paths: GuestPaths,
  options: VmOptions,
  ssh: Addressing['ssh'],
  machine: Machine,
): Promise<Guest> {
  const seconds = options.bootSeconds ?? DEFAULT_BOOT_SECONDS;
  await awaitSession(host.executor, paths, ssh, machine, seconds);
  const guest = vmGuest(host, spec, paths, ssh, machine);
  await guest.executor.exec({ argv: ['mkdir', '-p', '--', GUEST_WORK_DIR] });
  return guest;
}

/** The guest of a machine that runs already; `undefined` when it does not run, or its SSH server does not answer. */
export async function attachTo(
  host: Host,
  spec: GuestSpec,
  paths: GuestPaths,
  network: VmOptions['network'],
  machine: Machine,
): Promise<Guest | undefined> {
  const slot = await slotOf(host.executor, paths);
  if (slot === undefined || !(await machine.isRunning())) return undefined;
  const { ssh } = addressing(network, slot);
  return (await openSession(host.executor, paths, ssh)) ? vmGuest(host, spec, paths, ssh, machine) : undefined;
}

async function powerOff(guest: Executor, machine: Machine): Promise<void> {
  const requested = await guest
    .exec({ argv: ['sh', '-c', POWER_OFF], timeoutMs: 1000 * POWER_OFF_SECONDS })
    .catch(() => undefined);
  if (requested === undefined) return;
  const deadline = performance.now() + 1000 * POWER_OFF_SECONDS;
  while ((await machine.isRunning()) && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The end of a console's file on the host. */
export async function consoleIn(host: Executor, path: string): Promise<string> {
  return (await printed(host, ['tail', '-c', '4000', '--', path])) ?? '';
}
