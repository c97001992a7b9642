import { printed } from '../../host/printed.js';
import type { Executor, Finding, TargetConfig } from '../../types.js';
import { optionsOf } from '../driver.js';
import { readConditions, REPORT, type Condition } from '../guest/conditions.js';
import { readBuckets } from './bucket.js';
import { vserverOptions } from './options.js';

const PROBE = `${REPORT}missing=
for tool in vserver vserver-stat vsched vattribute vlimit vkill; do
  command -v $tool >/dev/null || missing="$missing $tool"
done
report tools "\${missing:+no$missing}"
if [ "$(id -u)" = 0 ]; then report root ''; else report root "user $(id -un)"; fi
if [ -r /proc/virtual/info ]; then report kernel ''; else report kernel "$(uname -r), without /proc/virtual"; fi
if grep -q '^VCIVersion:' /proc/virtual/info 2>/dev/null && [ -z "$missing" ]; then
  if vserver-stat >/dev/null 2>&1; then report proc ''; else report proc 'vserver-stat cannot read /proc/uptime'; fi
fi
groups=/dev/cpuset type=cpuset
if grep -qw cgroup /proc/filesystems; then groups=/dev/cgroup type=cgroup; fi
if grep -q " $groups $type " /proc/mounts; then report "$type" ''; else report "$type" "nothing of type $type is mounted on $groups"; fi
if [ -z "$1" ]; then :
elif [ ! -d "$1" ]; then report rootfs 'no such directory'
elif [ -e "$1/bin/sh" ] || [ -L "$1/bin/sh" ]; then report rootfs ''
else report rootfs 'has no /bin/sh'; fi
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  tools: {
    check: 'util-vserver',
    expected: 'vserver, vserver-stat, vsched, vattribute, vlimit and vkill',
    hint: 'build util-vserver 0.30.215 or 0.30.216; no current distribution has it',
  },
  root: { check: 'root', expected: 'root', hint: 'connect to the host as root' },
  kernel: {
    check: 'kernel',
    expected: 'a Linux-VServer kernel',
    hint: 'boot a kernel with the patch of Linux-VServer: 2.6.22-vs2.3 has the token bucket of the paper',
  },
  proc: {
    check: 'visible /proc',
    expected: '/proc/uptime visible to contexts',
    hint: 'once after each boot: /etc/init.d/vprocunhide start',
  },
  cgroup: {
    check: 'control groups',
    expected: '/dev/cgroup mounted',
    hint: 'otherwise limits are silently ignored; once after each boot: /etc/init.d/util-vserver start',
  },
  cpuset: {
    check: 'CPU sets',
    expected: '/dev/cpuset mounted',
    hint: 'mkdir -p /dev/cpuset && mount -n -t cpuset none /dev/cpuset',
  },
  rootfs: {
    check: 'rootfs',
    expected: 'a root file system',
    hint: 'correct `options.rootfs` of the target; `bench rootfs DIR` there makes one',
  },
};

/** What a host lacks for guests of Linux-VServer. Reads only. */
export async function probeHost(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const rootfs = target === undefined ? '' : optionsOf(vserverOptions, target).rootfs;
  const text = (await printed(host, ['sh', '-c', PROBE, 'sh', rootfs])) ?? '';
  return [...readConditions(text, CONDITIONS), await schedulerFinding(host, target)];
}

/** Reads any running context: whether a kernel has token buckets shows only in a context. */
const SCHEDULER = 'for file in /proc/virtual/[0-9]*/sched; do [ -r "$file" ] && cat "$file" && break; done';

async function schedulerFinding(host: Executor, target: TargetConfig | undefined): Promise<Finding> {
  const sched = await printed(host, ['sh', '-c', SCHEDULER]);
  const reserved = target?.shape.cpuReservation !== undefined;
  const expected = reserved ? 'token buckets' : 'token buckets or control groups';
  const finding = { check: 'CPU scheduler', expected };
  if (sched === undefined || !/^cpu \d+:/m.test(sched)) {
    const hint = 'the first guest that starts finds out with vsched';
    return { ...finding, found: 'no guest runs that shows it', verdict: 'unavailable', hint };
  }
  if (readBuckets(sched).size > 0) return { ...finding, found: 'token buckets', verdict: 'ok' };
  if (!reserved) return { ...finding, found: 'control groups', verdict: 'ok' };
  const hint = 'a reservation is not enforced on this kernel, and reported as such';
  return { ...finding, found: 'control groups', verdict: 'unavailable', hint };
}
