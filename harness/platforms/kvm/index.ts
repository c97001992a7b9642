import type { Executor } from '../../types.js';
import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { chosen, kvmOptions, MAC_VENDOR } from './options.js';
import { probeKvm } from './probe.js';
import { endQemu, qemuSeconds, startQemu, sweepQemu } from './qemu.js';
import { domainSeconds, endDomain, startDomain } from './libvirt.js';
import { machineOf, recordedThrough, recordThrough, throughOf } from './through.js';
import { madeGuests, makeGuest, removeGuest } from '../vm/disk.js';
import { arrive, attachTo } from '../vm/machine.js';
import { pathsOf, rootOf, type GuestPaths } from '../vm/paths.js';
import { dropSession } from '../vm/session.js';

/**
 * KVM, through QEMU. The options of a target tune its guests (Felter et al.: topology, pinning, huge pages, virtio,
 * caching), so an untuned and a tuned system are two targets.
 */
export const kvm: PlatformDriver<'kvm'> = {
  id: 'kvm',
  aliases: ['qemu'],
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
      io: 'devices that QEMU emulates on the host, and the block and network schedulers of Linux',
    },
  },
  enforces: ['cpus', 'memory', 'weight', 'cap', 'disk'],
  options: kvmOptions,
  packages: ['qemu-system-x86', 'qemu-utils', 'openssh-client', 'iproute2'],

  probe: (host, target) => probeKvm(host.executor, target),

  async start(host, spec) {
    const paths = pathsOf('kvm', host, spec.name);
    const choices = chosen(optionsOf(kvmOptions, spec.target));
    const { shape } = spec.target;
    requireAble('KVM', await probeKvm(host.executor, spec.target));
    await end(host.executor, paths);
    const through = choices.through ?? (await throughOf(host.executor, paths));
    const disk = { format: choices.disk, ...(shape.diskBytes === undefined ? {} : { bytes: shape.diskBytes }) };
    const identity = await makeGuest(host.executor, paths, choices, disk, MAC_VENDOR);
    await recordThrough(host.executor, paths, through);
    await (through === 'libvirt' ? startDomain : startQemu)(host.executor, paths, shape, choices, identity);
    const machine = machineOf(through, host.executor, paths, shape, choices);
    return arrive(host, spec, paths, choices, identity.addressing.ssh, machine);
  },

  async attach(host, spec) {
    const paths = pathsOf('kvm', host, spec.name);
    const choices = chosen(optionsOf(kvmOptions, spec.target));
    const through = await throughOf(host.executor, paths);
    const machine = machineOf(through, host.executor, paths, spec.target.shape, choices);
    return attachTo(host, spec, paths, choices.network, machine);
  },

  async cpuTime(host, guest) {
    const paths = pathsOf('kvm', host, guest.name);
    const through = await throughOf(host.executor, paths);
    return (through === 'libvirt' ? domainSeconds : qemuSeconds)(host.executor, paths);
  },

  async reap(host, keep = []) {
    const root = rootOf('kvm', host);
    const found = await madeGuests(host.executor, root);
    const ending = found.filter((name) => !keep.includes(name));
    for (const name of ending) {
      const paths = pathsOf('kvm', host, name);
      await end(host.executor, paths);
      await dropSession(host.executor, paths);
      await removeGuest(host.executor, paths);
    }
    if (found.length === ending.length) await sweepQemu(host.executor, root);
    return ending;
  },
};

/** Ends what a guest's last start left, through libvirt or QEMU. */
async function end(host: Executor, paths: GuestPaths): Promise<void> {
  if ((await recordedThrough(host, paths)) === 'libvirt') await endDomain(host, paths);
  await endQemu(host, paths);
}
