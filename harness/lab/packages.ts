/** What a host of the lab needs to be one: logins, containers, a compiler for the agent, and tools that read its state. */
const forHosts = [
  'ca-certificates',
  'docker.io',
  'ethtool',
  'gcc',
  'iproute2',
  'iputils-ping',
  'kmod',
  'libc6-dev',
  'lxc',
  'make',
  'netbase',
  'openssh-client',
  'openssh-server',
  'podman',
  'procps',
  'runc',
  'systemd-container',
  'util-linux',
];

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
export const ROOTFS_PACKAGES: readonly string[] = [...forHosts, ...forSuites].sort();
