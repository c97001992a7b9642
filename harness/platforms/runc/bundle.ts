import { limitsOf } from '../../host/limits.js';
import { writeCpuList } from '../../host/cpu-list.js';
import type { CgroupVersion } from '../../host/cgroup.js';
import type { Json, Shape } from '../../types.js';
import type { DirectoryOptions } from '../container/options.js';
import type { GuestPaths } from '../container/paths.js';
import { INIT } from '../container/start.js';
import { GUEST_WORK_DIR } from '../guest/names.js';

/** The privileges of a container's root that engines leave it by default. */
const CAPABILITIES = [
  'CAP_AUDIT_WRITE',
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_MKNOD',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_RAW',
  'CAP_SETFCAP',
  'CAP_SETGID',
  'CAP_SETPCAP',
  'CAP_SETUID',
  'CAP_SYS_CHROOT',
];

export const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What of /proc belongs to the host and not to a guest: hidden, and not to be written. */
const MASKED = [
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/sched_debug',
  '/proc/scsi',
];
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

/** A guest's `config.json`, OCI runtime specification 1.0.2. No filter of system calls: the specification has none by default. */
export function bundleConfig(
  paths: GuestPaths,
  options: DirectoryOptions,
  shape: Shape,
  versionOf: (controller: 'cpuset' | 'cpu' | 'memory') => CgroupVersion,
): Json {
  const sets = ['bounding', 'effective', 'permitted'];
  const namespaces = ['pid', 'mount', 'uts', 'ipc', 'cgroup', ...(options.network === 'host' ? [] : ['network'])];
  return {
    ociVersion: '1.0.2',
    hostname: paths.name,
    root: { path: paths.root, readonly: false },
    process: {
      terminal: false,
      user: { uid: 0, gid: 0 },
      cwd: '/',
      args: [...INIT],
      env: [PATH, 'HOME=/root'],
      capabilities: Object.fromEntries(sets.map((set) => [set, CAPABILITIES])),
    },
    mounts: mounts(paths),
    linux: {
      namespaces: namespaces.map((type) => ({ type })),
      cgroupsPath: `/${paths.group}/${paths.name}`,
      resources: resources(shape, versionOf),
      maskedPaths: MASKED,
      readonlyPaths: READ_ONLY,
    },
  };
}

function mounts({ disk }: GuestPaths): Json {
  const mount = (destination: string, type: string, ...options: string[]): Json => ({
    destination,
    type,
    source: type,
    options,
  });
  return [
    mount('/proc', 'proc', 'nosuid', 'noexec', 'nodev'),
    mount('/dev', 'tmpfs', 'nosuid', 'strictatime', 'mode=755', 'size=65536k'),
    mount('/dev/pts', 'devpts', 'nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'),
    mount('/dev/shm', 'tmpfs', 'nosuid', 'nodev', 'mode=1777'),
    mount('/dev/mqueue', 'mqueue', 'nosuid', 'noexec', 'nodev'),
    mount('/sys', 'sysfs', 'nosuid', 'noexec', 'nodev', 'ro'),
    mount('/sys/fs/cgroup', 'cgroup', 'nosuid', 'noexec', 'nodev', 'ro'),
    { destination: GUEST_WORK_DIR, type: 'bind', source: disk, options: ['bind', 'rw'] },
  ];
}

/** Limits in the specification's own members; on version 2 the weight in the kernel's own file, which loses nothing. */
function resources(shape: Shape, versionOf: (controller: 'cpuset' | 'cpu' | 'memory') => CgroupVersion): Json {
  const version = versionOf('cpu');
  const written = new Map(limitsOf(shape, versionOf).flatMap(({ writes }) => writes));
  const count = (file: string): number | undefined => {
    const text = written.get(file);
    return text === undefined ? undefined : Number(text);
  };
  const [quota, period] =
    version === 2
      ? (written.get('cpu.max') ?? '').split(' ').map((word) => (word === '' ? undefined : Number(word)))
      : [count('cpu.cfs_quota_us'), count('cpu.cfs_period_us')];
  const shares = count('cpu.shares');
  const weight = written.get('cpu.weight');
  return {
    devices: [{ allow: false, access: 'rwm' }],
    cpu: {
      cpus: writeCpuList(shape.cpus),
      ...(shares === undefined ? {} : { shares }),
      ...(quota === undefined || period === undefined ? {} : { quota, period }),
    },
    ...(shape.memoryBytes === undefined ? {} : { memory: { limit: shape.memoryBytes } }),
    ...(weight === undefined ? {} : { unified: { 'cpu.weight': weight } }),
  };
}
