import type { Shape } from '../../types.js';
import type { Identity } from '../vm/seed.js';
import type { GuestPaths } from '../vm/paths.js';
import { DEFAULT_MEMORY_BYTES, type Choices } from './options.js';

export const QEMU = 'qemu-system-x86_64';

/** Whole MiB are what QEMU counts memory in. */
export const memoryMiB = (shape: Shape): number => Math.floor((shape.memoryBytes ?? DEFAULT_MEMORY_BYTES) / 2 ** 20);

/** The command line of a guest's QEMU, qemu(1). It puts itself into the background once the machine is there. */
export function qemuArgv(
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
  identity: Identity,
  tap: string,
): readonly string[] {
  const { name, dir, disk, seed, console: serial } = paths;
  const memory = memoryMiB(shape);
  const huge = choices.hugePages
    ? ['-object', `memory-backend-memfd,id=ram,size=${memory}M,hugetlb=on,prealloc=on`]
    : [];
  return [
    QEMU,
    ...['-name', `guest=${name},debug-threads=on`, '-uuid', paths.uuid],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-daemonize', '-pidfile', `${dir}/pid`],
    ...huge,
    ...['-machine', `${choices.machine},accel=${choices.accel}${choices.hugePages ? ',memory-backend=ram' : ''}`],
    ...['-cpu', choices.cpu, '-smp', smp(shape.cpus.length, choices), '-m', `${memory}M`],
    ...['-serial', `file:${serial}`],
    ...drive('disk', `file=${disk},format=${choices.disk},cache=${choices.cache}`, choices),
    ...drive('seed', `file=${seed},format=raw,readonly=on`, choices),
    ...['-netdev', netdev(choices, identity, tap)],
    ...['-device', `${choices.virtio ? 'virtio-net-pci' : 'e1000'},netdev=net,mac=${identity.mac},romfile=`],
    ...kernel(choices),
  ];
}

function smp(count: number, { topology }: Choices): string {
  if (topology === undefined) return `${count},sockets=${count},cores=1,threads=1`;
  const { sockets, cores, threads } = topology;
  return `${count},sockets=${sockets},cores=${cores},threads=${threads}`;
}

function drive(id: string, what: string, { virtio }: Choices): readonly string[] {
  const device = virtio ? 'virtio-blk-pci' : 'ide-hd';
  return ['-drive', `id=${id},if=none,${what}`, '-device', `${device},drive=${id}`];
}

function netdev({ network }: Choices, { addressing }: Identity, tap: string): string {
  if (network !== undefined) return `tap,id=net,ifname=${tap},script=no,downscript=no`;
  return `user,id=net,hostfwd=tcp:${addressing.ssh.address}:${addressing.ssh.port}-:22`;
}

function kernel({ kernel: file, initrd, commandLine }: Choices): readonly string[] {
  if (file === undefined) return [];
  const words = ['console=ttyS0', ...(commandLine === undefined ? [] : [commandLine])].join(' ');
  return ['-kernel', file, ...(initrd === undefined ? [] : ['-initrd', initrd]), '-append', words];
}
