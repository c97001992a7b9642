import { optionsOf, requireAble, type PlatformDriver } from '../driver.js';
import { madeGuests, makeGuest, removeGuest } from '../vm/disk.js';
import { arrive, attachTo } from '../vm/machine.js';
import { pathsOf, rootOf } from '../vm/paths.js';
import { dropSession } from '../vm/session.js';
import { MAC_VENDOR, xenConfig, xenOptions } from './config.js';
import { restoreHostVm, setHostVm } from './host-vm.js';
import { create, destroyDomain, readSeconds, xenMachine } from './machine.js';
import { restorePool, setPool } from './pool.js';
import { probeXen } from './probe.js';

/** Xen through its own toolstack, `xl`, on the host VM (Dom0), which the harness logs in to. */
export const xen: PlatformDriver<'xen'> = {
  id: 'xen',
  label: 'Xen virtual machine',
  boundary: 'hypervisor',
  kin: { family: 'Xen3', same: true },
  traits: {
    multipleKernels: true,
    rootPower: 'full',
    checkpointResume: true,
    liveMigration: true,
    liveUpdate: false,
    isolation: {
      security: 'virtual hardware',
      cpu: 'the credit schedulers of the hypervisor: weight and cap of virtual CPUs that are pinned',
      memory: 'partitions of physical memory',
      io: 'drivers of the host VM, which serve all guests',
    },
  },
  enforces: ['cpus', 'memory', 'weight', 'cap', 'disk'],
  options: xenOptions,
  packages: ['xen-utils-common', 'openssh-client', 'iproute2'],

  probe: (host, target) => probeXen(host.executor, target),

  async start(host, spec) {
    const paths = pathsOf('xen', host, spec.name);
    const options = optionsOf(xenOptions, spec.target);
    const { shape } = spec.target;
    requireAble('Xen', await probeXen(host.executor, spec.target));
    const machine = xenMachine(host.executor, paths, shape, options);
    await machine.destroy();
    const disk = { format: 'raw', ...(shape.diskBytes === undefined ? {} : { bytes: shape.diskBytes }) } as const;
    const { mac, addressing } = await makeGuest(host.executor, paths, options, disk, MAC_VENDOR);
    await host.executor.put({ path: paths.config, content: xenConfig(paths, shape, options, mac) });
    if (options.hostVm !== undefined) await setHostVm(host.executor, paths.root, options.hostVm);
    if (options.pool !== undefined) await setPool(host.executor, paths.root, shape);
    await create(host.executor, paths);
    return arrive(host, spec, paths, options, addressing.ssh, machine);
  },

  async attach(host, spec) {
    const paths = pathsOf('xen', host, spec.name);
    const options = optionsOf(xenOptions, spec.target);
    const machine = xenMachine(host.executor, paths, spec.target.shape, options);
    return attachTo(host, spec, paths, options.network, machine);
  },

  cpuTime: (host, guest) => readSeconds(host.executor, pathsOf('xen', host, guest.name)),

  async reap(host, keep = []) {
    const root = rootOf('xen', host);
    const found = await madeGuests(host.executor, root);
    const ending = found.filter((name) => !keep.includes(name));
    for (const name of ending) {
      const paths = pathsOf('xen', host, name);
      await destroyDomain(host.executor, paths);
      await dropSession(host.executor, paths);
      await removeGuest(host.executor, paths);
    }
    if (keep.length === 0) {
      // Without its domains, and before the host VM may run on its CPUs again.
      await restorePool(host.executor, root);
      await restoreHostVm(host.executor, root);
    }
    return ending;
  },
};
