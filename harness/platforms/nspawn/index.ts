import { limitsOf } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import { directoriesOf } from '../container/groups.js';
import { containerDriver } from '../container/driver.js';
import { ISOLATION } from '../container/isolation.js';
import { directoryOptions, type DirectoryOptions } from '../container/options.js';
import { GUEST_WORK_DIR } from '../guest/names.js';
import { cgroupsScript } from '../guest/script.js';
import { INIT, launch, mountRoot } from '../container/start.js';
import type { ContainerTool } from '../container/tool.js';

/** nspawn keeps a lock and a directory for mounts to propagate, and leaves both when it is killed. */
const CLEANUP = `
halt() { :; }
discard() { rm -rf "/run/systemd/nspawn/propagate/$1" "/run/systemd/nspawn/unix-export/$1"; rm -f "/run/systemd/nspawn/locks/name-$1"; }
`;

/** The first process of the guest among those of its group: it is 1 in a nested namespace. */
const FIND = `
for mount in $(sed -n 's/^[^ ]* \\([^ ]*\\) cgroup2\\{0,1\\} .*/\\1/p' /proc/mounts); do
  [ -d "$mount/$1/$2" ] || continue
  for pid in $(find "$mount/$1/$2" -name cgroup.procs -exec cat {} +); do
    grep -qE '^NSpid:[[:space:]].*[[:space:]]1$' "/proc/$pid/status" 2>/dev/null && echo "$pid" && exit 0
  done
done
exit 1
`;

/**
 * Joins the guest's groups and its namespaces. When a group no longer has the guest's first process,
 * the guest has ended, and its process id may be another's.
 */
const ENTER = `
pid=$1
shift
while [ "$1" != -- ]; do
  grep -qx "$pid" "$1/cgroup.procs" || exit 125
  echo $$ >"$1/cgroup.procs" || exit 125
  shift
done
shift
exec nsenter -t "$pid" -m -u -i -n -p -C -r -w env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
`;

const tool: ContainerTool<DirectoryOptions, 'nspawn'> = {
  id: 'nspawn',
  aliases: ['systemd'],
  label: 'systemd-nspawn container',
  traits: {
    multipleKernels: false,
    rootPower: 'guest',
    checkpointResume: false,
    liveMigration: false,
    liveUpdate: false,
    isolation: {
      ...ISOLATION,
      cpu: 'control groups around it: weights and quotas of the scheduler of Linux',
      memory: 'control groups around it',
    },
  },
  packages: ['systemd-container'],
  options: directoryOptions,
  probe: {
    script: `
if command -v systemd-nspawn >/dev/null; then report systemd-nspawn ''; else report systemd-nspawn 'not installed'; fi
look_for_overlay
look_at_root "$1"
if [ -n "$1" ]; then if [ -d "$1/usr" ]; then report '/usr' ''; else report '/usr' 'not in the root file system'; fi; fi
`,
    conditions: {
      'systemd-nspawn': {
        expected: 'systemd-nspawn',
        hint: 'install the package systemd-container, or let `bench prepare` do it',
      },
    },
    argv: (options) => [options?.rootfs ?? ''],
  },
  cleanup: CLEANUP,
  async start(host, { paths, options, shape, versionOf }) {
    await mountRoot(host, options.rootfs, paths);
    const writes = limitsOf(shape, versionOf).flatMap((limit) => limit.writes.flat());
    const script = await cgroupsScript(new URL('./start.sh', import.meta.url));
    const nspawn = [
      'systemd-nspawn',
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--as-pid2',
      '--console=pipe',
      '--link-journal=no',
      '--resolv-conf=off',
      '--timezone=off',
      `--machine=${paths.name}`,
      `--hostname=${paths.name}`,
      `--directory=${paths.root}`,
      `--bind=${paths.disk}:${GUEST_WORK_DIR}`,
      '--tmpfs=/dev/shm:mode=1777,nosuid,nodev',
      ...(options.network === 'host' ? [] : ['--private-network']),
      '--',
      ...INIT,
    ];
    await launch(host, paths, ['sh', '-c', script, 'sh', paths.group, paths.name, ...writes, '--', ...nspawn]);
  },
  async pidOf(host, { group, name }) {
    const pid = Number(await printed(host, ['sh', '-c', FIND, 'sh', group, name]));
    return pid > 0 ? pid : undefined;
  },
  enter: (_, pid, view) => ['sh', '-c', ENTER, 'sh', String(pid), ...directoriesOf(view), '--'],
};

/**
 * systemd-nspawn without a systemd inside, and without registering it: on hosts that run none, and in a control group of
 * the harness's, because nspawn sets no limits itself. Commands enter by nsenter(1): they have the guest's name spaces
 * and groups, but not the filter of system calls and the bounded privileges of what nspawn itself starts.
 */
export const nspawn = containerDriver(tool);
