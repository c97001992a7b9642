import type { Executor } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { chosen, kvmOptions, MAC_VENDOR } from './options.js';
import { probeKvm } from './probe.js';
import { endQemu, qemuSeconds, startQemu, sweepQemu } from './qemu.js';
import { domainSeconds, endDomain, startDomain } from './libvirt.js';
import { machineOf, recordedThrough, recordThrough, throughOf } from './through.js';
import { laidGuests, layGuest, removeGuest } from '../vm/disk.js';
import { arrive, attachTo } from '../vm/machine.js';
import { placeFor, rootOf, type Place } from '../vm/place.js';
import { dropSession } from '../vm/session.js';

/**
 * KVM, through QEMU. How a guest is tuned (Felter et al.: topology, pinning, huge pages, virtio, caching) is told by the
 * options of its target, so that an untuned and a tuned system are two targets.
 */
export const kvm: PlatformDriver<'kvm'> = {
  id: 'kvm',
  label: 'KVM virtual machine',
  boundary: 'hypervisor',
  kin: { family: 'Xen3', same: false },
  traits: {
    multipleKernels: true,
    rootPower: 'full',
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: {
      security: 'virtual hardware',
      cpu: 'the scheduler of Linux, for threads that are virtual CPUs: weights and quotas of control groups',
      memory: 'what QEMU was given, backed by memory of its process',
      io: 'devices that QEMU plays on the host, and the block and network schedulers of Linux',
    },
  },
  enforces: ['cpus', 'memory', 'weight', 'cap', 'disk'],
  options: kvmOptions,
  packages: ['qemu-system-x86', 'qemu-utils', 'openssh-client', 'iproute2'],

  probe: (host, target) => probeKvm(host.executor, target),

  async start(host, spec) {
    const place = placeFor('kvm', host, spec.name);
    const choices = chosen(optionsOf(kvmOptions, spec.target));
    const { shape } = spec.target;
    requireAble('KVM', await probeKvm(host.executor, spec.target));
    await end(host.executor, place);
    const through = choices.through ?? (await throughOf(host.executor, place));
    const disk = { format: choices.disk, ...(shape.diskBytes === undefined ? {} : { bytes: shape.diskBytes }) };
    const identity = await layGuest(host.executor, place, choices, disk, MAC_VENDOR);
    await recordThrough(host.executor, place, through);
    await (through === 'libvirt' ? startDomain : startQemu)(host.executor, place, shape, choices, identity);
    const machine = machineOf(through, host.executor, place, shape, choices);
    return arrive(host, spec, place, choices, identity.addressing.ssh, machine);
  },

  async attach(host, spec) {
    const place = placeFor('kvm', host, spec.name);
    const choices = chosen(optionsOf(kvmOptions, spec.target));
    const through = await throughOf(host.executor, place);
    const machine = machineOf(through, host.executor, place, spec.target.shape, choices);
    return attachTo(host, spec, place, choices.network, machine);
  },

  async cpuTime(host, guest) {
    const place = placeFor('kvm', host, guest.name);
    const through = await throughOf(host.executor, place);
    return (through === 'libvirt' ? domainSeconds : qemuSeconds)(host.executor, place);
  },

  async reap(host, keep = []) {
    const root = rootOf('kvm', host);
    const found = await laidGuests(host.executor, root);
    const ending = found.filter((name) => !keep.includes(name));
    for (const name of ending) {
      const place = placeFor('kvm', host, name);
      await end(host.executor, place);
      await dropSession(host.executor, place);
      await removeGuest(host.executor, place);
    }
    if (found.length === ending.length) await sweepQemu(host.executor, root);
    return ending;
  },
};

/** Ends what a guest's last start has left, whichever way it was started. */
async function end(host: Executor, place: Place): Promise<void> {
  if ((await recordedThrough(host, place)) === 'libvirt') await endDomain(host, place);
  await endQemu(host, place);
}
