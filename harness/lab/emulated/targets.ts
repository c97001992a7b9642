import type { Json } from '../../types.js';
import { CONTAINER_LABELS, GUEST_ROOTFS } from '../containers.js';
import type { Extra } from '../extras.js';

const FILES = '/var/lib/lab';
const QUIET = 'quiet nokaslr mitigations=off';
const GUEST = { image: `${FILES}/guest.ext4`, kernel: `${FILES}/vmlinux`, initrd: `${FILES}/initrd` };
const NETWORK = { bridge: 'br0', address: '10.9.0.1/24' };
const MEMORY = '384M';

/**
 * Targets on an emulated machine, as a hosts file has them: those of the paper on Xen, where guest and host VM share a CPU,
 * have one each, or have all; and KVM as it comes and tuned.
 */
export function emulatedTargets(host: string, extras: readonly Extra[]): Readonly<Record<string, Json>> {
  const native = (boot: string, cpus: readonly number[]): Json => ({
    label: `Linux-${cpus.length === 1 ? 'UP' : 'SMP'}`,
    host,
    platform: 'native',
    boot,
    shape: { cpus },
  });
  return {
    [`linux-up-${host}`]: native('native-up', [0]),
    [`linux-smp-${host}`]: native('native-smp', [0, 1]),
    ...(extras.includes('xen') ? xenTargets(host) : {}),
    ...(extras.includes('kvm') ? kvmTargets(host) : {}),
    ...(extras.includes('systemd') ? systemdTargets(host) : {}),
  };
}

function xenTargets(host: string): Readonly<Record<string, Json>> {
  const xen = (label: string, boot: string, cpus: readonly number[], hostVm: readonly number[]): Json => ({
    label,
    host,
    platform: 'xen',
    boot,
    shape: { cpus, memory: MEMORY },
    options: {
      ...GUEST,
      commandLine: `${QUIET} root=/dev/xvda`,
      network: NETWORK,
      hostVm: { cpus: hostVm },
    },
  });
  return {
    'xen3-up': xen('Xen3-UP', 'xen-up', [0], [0]),
    'xen3-2cpu': xen('Xen3-2CPU', 'xen-up', [1], [0]),
    'xen3-smp': xen('Xen3-SMP', 'xen-smp', [0, 1], [0, 1]),
  };
}

/** Every container tool as Debian enables it under systemd, and the same boot without a container. */
function systemdTargets(host: string): Readonly<Record<string, Json>> {
  const target = (label: string, platform: string, options: Readonly<Record<string, Json>>): Json => ({
    label: `${label}-UP with systemd`,
    host,
    platform,
    boot: 'systemd',
    shape: { cpus: [1] },
    options,
  });
  const tools = { lxc: 'LXC', ...CONTAINER_LABELS };
  const entries = Object.entries(tools).map(([tool, label]): [string, Json] => [
    `${tool}-up-systemd`,
    target(label, tool, { rootfs: GUEST_ROOTFS }),
  ]);
  return { 'linux-up-systemd': target('Linux', 'native', {}), ...Object.fromEntries(entries) };
}

function kvmTargets(host: string): Readonly<Record<string, Json>> {
  // The emulated virtualization lacks what these two features need.
  const options = { ...GUEST, commandLine: `${QUIET} noxsave root=/dev/vda`, network: NETWORK, cpu: 'host,-rdtscp' };
  // As Felter et al. tuned theirs, but for huge pages, which this machine is too small for.
  const tuned = { topology: { sockets: 1, cores: 1, threads: 1 }, pinning: 'each', disk: 'raw', cache: 'none' };
  const kvm = (label: string, more: Readonly<Record<string, Json>>): Json => ({
    label,
    host,
    platform: 'kvm',
    boot: 'native-smp',
    shape: { cpus: [1], memory: MEMORY },
    options: { ...options, ...more },
  });
  return { 'kvm-up': kvm('KVM-UP', {}), 'kvm-tuned-up': kvm('KVM-tuned-UP', tuned) };
}
