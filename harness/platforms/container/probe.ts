import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding } from '../../types.js';
import { readConditions, REPORT, type Condition } from '../guest/conditions.js';
import { CONTROLLERS, versionIn } from './groups.js';

/** The checks that all container tools share. */
const SHARED = `
if [ "$(id -u)" = 0 ]; then report root ''; else report root "user $(id -un)"; fi
look_at_root() {
  if [ -z "$1" ]; then :
  elif [ ! -d "$1" ]; then report rootfs 'no such directory'
  elif [ -e "$1/bin/sh" ] || [ -L "$1/bin/sh" ]; then report rootfs ''
  else report rootfs 'has no /bin/sh'; fi
}
look_for_overlay() {
  if grep -qw overlay /proc/filesystems || modprobe -qn overlay 2>/dev/null; then report overlay ''
  else report overlay 'unknown to the kernel'; fi
  if why=$(unshare --mount true 2>&1); then report mounts ''; else report mounts "$why"; fi
}
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  root: { expected: 'root', hint: 'connect to the host as root' },
  rootfs: {
    expected: 'a root file system',
    hint: 'correct `options.rootfs` of the target; `bench rootfs DIR` there makes one',
  },
  overlay: { expected: 'overlay file systems', hint: 'use a kernel with CONFIG_OVERLAY_FS' },
  mounts: {
    expected: 'a root that may mount',
    hint: 'this host is a container itself: give it the rights of a machine (CAP_SYS_ADMIN), or use one',
  },
};

/** Checks a host by lines of sh that call `report`, after those that all tools share. Read-only. */
export async function probeConditions(
  host: Executor,
  script: string,
  conditions: Readonly<Record<string, Condition>>,
  argv: readonly string[],
): Promise<readonly Finding[]> {
  const text = (await printed(host, ['sh', '-c', `${REPORT}${SHARED}${script}:`, 'sh', ...argv])) ?? '';
  const findings = readConditions(text, { ...CONDITIONS, ...conditions });
  return [...findings, controllersFinding(await viewCgroups(host, 'self'))];
}

function controllersFinding(view: CgroupView | undefined): Finding {
  const missing = CONTROLLERS.filter((controller) => versionIn(view, controller) === undefined);
  const check = 'cgroup controllers';
  const expected = CONTROLLERS.join(', ');
  if (missing.length === 0) return { check, expected, found: expected, verdict: 'ok' };
  const hint = 'mount cgroup2 at /sys/fs/cgroup, or the controllers of version 1 below it';
  return { check, expected, found: `no ${missing.join(', ')}`, verdict: 'differs', hint };
}
