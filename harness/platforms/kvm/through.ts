import { printed } from '../../host/printed.js';
import type { Executor, Shape } from '../../types.js';
import type { Machine } from '../vm/machine.js';
import type { Place } from '../vm/place.js';
import { hasLibvirt, libvirtMachine } from './libvirt.js';
import type { Choices, KvmOptions } from './options.js';
import { qemuMachine } from './qemu.js';

export type Through = NonNullable<KvmOptions['through']>;

/** How a guest was started last, by what the host keeps of it; `undefined` for one that never was. */
export async function recordedThrough(host: Executor, place: Place): Promise<Through | undefined> {
  const text = (await printed(host, ['cat', '--', `${place.dir}/through`]))?.trim();
  return text === 'libvirt' || text === 'qemu' ? text : undefined;
}

/** How a guest was started, and is to be again: where nothing is known, by libvirt if its daemon answers. */
export async function throughOf(host: Executor, place: Place): Promise<Through> {
  return (await recordedThrough(host, place)) ?? ((await hasLibvirt(host)) ? 'libvirt' : 'qemu');
}

/** Before the start: a crash from then on leaves what can be ended. */
export async function recordThrough(host: Executor, place: Place, through: Through): Promise<void> {
  await host.put({ path: `${place.dir}/through`, content: `${through}\n` });
}

/** The machine of a guest, by whoever runs it. */
export function machineOf(through: Through, host: Executor, place: Place, shape: Shape, choices: Choices): Machine {
  return (through === 'libvirt' ? libvirtMachine : qemuMachine)(host, place, shape, choices);
}
