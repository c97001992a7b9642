import { driverOf } from '../platforms/index.js';
import { CONTAINER_TOOLS } from './containers.js';

/** What a host of the lab needs: logins, a compiler for the agent, and tools that read its state. */
const forHosts = [
  'ca-certificates',
  'ethtool',
  'gcc',
  'iproute2',
  'iputils-ping',
  'kmod',
  'libc6-dev',
  'make',
  'netbase',
  'openssh-client',
  'openssh-server',
  'procps',
  'util-linux',
];

/** What the drivers of its containers need. */
const forContainers = ['lxc' as const, ...CONTAINER_TOOLS].flatMap((id) => driverOf(id).packages);

/** What the suites run in guests and hosts, the later ones included, so that a new suite needs no new root file system. */
const forSuites = [
  'bc',
  'bison',
  'dbench',
  'flex',
  'iperf',
  'iperf3',
  'libelf-dev',
  'libssl-dev',
  'linux-source-6.1',
  'postgresql',
  'postmark',
  'sysbench',
  'sysstat',
  'time',
  'xz-utils',
];

/** Debian packages of the root file system that lab hosts and their guests share, beyond Debian's minimal base. */
export const ROOTFS_PACKAGES: readonly string[] = [...new Set([...forHosts, ...forContainers, ...forSuites])].sort();

/** What a virtual machine needs to boot by itself, beyond what guests of containers have. */
const forMachines = ['initramfs-tools', 'linux-image-cloud-amd64', 'systemd-sysv', 'udev', 'zstd'];

/** Debian packages of the disk that virtual machines start from. */
export const IMAGE_PACKAGES: readonly string[] = [...new Set([...forHosts, ...forSuites, ...forMachines])].sort();
