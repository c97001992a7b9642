import { printed } from '../../host/printed.js';
import type { Executor, Shape } from '../../types.js';
import type { Machine } from '../vm/machine.js';
import type { GuestPaths } from '../vm/paths.js';
import { hasLibvirt, libvirtMachine } from './libvirt.js';
import type { Choices, KvmOptions } from './options.js';
import { qemuMachine } from './qemu.js';

export type Through = NonNullable<KvmOptions['through']>;

/** How a guest was started last, as recorded on the host; `undefined` for one that was never started. */
export async function recordedThrough(host: Executor, paths: GuestPaths): Promise<Through | undefined> {
  const text = (await printed(host, ['cat', '--', `${paths.dir}/through`]))?.trim();
  return text === 'libvirt' || text === 'qemu' ? text : undefined;
}

/** How a guest was started and will be again. Without a record: libvirt if its daemon answers. */
export async function throughOf(host: Executor, paths: GuestPaths): Promise<Through> {
  return (await recordedThrough(host, paths)) ?? ((await hasLibvirt(host)) ? 'libvirt' : 'qemu');
}

/** Before the start: a crash from then on leaves what can be ended. */
export async function recordThrough(host: Executor, paths: GuestPaths, through: Through): Promise<void> {
  await host.put({ path: `${paths.dir}/through`, content: `${through}\n` });
}

/** The machine of a guest, through libvirt or QEMU. */
export function machineOf(
  through: Through,
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
): Machine {
  return (through === 'libvirt' ? libvirtMachine : qemuMachine)(host, paths, shape, choices);
}
