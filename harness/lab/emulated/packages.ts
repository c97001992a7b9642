import { driverOf } from '../../platforms/index.js';
import { CONTAINER_TOOLS } from '../containers.js';

/** What an emulated machine needs to boot, to be a host of the harness, and to start Xen. */
const forMachine = [
  'bridge-utils',
  'busybox-static',
  'e2fsprogs',
  'gcc',
  'grub-pc-bin',
  'grub2-common',
  'kmod',
  'libc6-dev',
  'linux-image-amd64',
  'make',
  'openssh-server',
  'procps',
  'psmisc',
  'util-linux',
  'xen-hypervisor-4.17-amd64',
  'xen-utils-4.17',
  'xz-utils',
];

/** What an ordinary Debian has, for its boot with systemd: sessions, AppArmor, and what LXC's bridge and users need. */
const forSystemd = ['apparmor', 'dbus', 'dnsmasq-base', 'iptables', 'libpam-systemd', 'systemd-sysv', 'udev', 'uidmap'];

/** What the drivers of its guests need; guests of KVM are started by QEMU. */
const forGuests = ['kvm' as const, 'lxc' as const, ...CONTAINER_TOOLS].flatMap((id) => driverOf(id).packages);

/** Debian packages of the emulated machine. */
export const MACHINE_PACKAGES: readonly string[] = [...new Set([...forMachine, ...forSystemd, ...forGuests])].sort();

/** What its guests need: logins, a compiler for the agent and the probes, and small tools of suites. */
export const GUEST_PACKAGES: readonly string[] = [
  'busybox-static',
  'dbench',
  'gcc',
  'iperf',
  'iperf3',
  'iproute2',
  'kmod',
  'libc6-dev',
  'make',
  'openssh-server',
  'postmark',
  'procps',
  'time',
];
