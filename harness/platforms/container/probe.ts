import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding } from '../../types.js';
import { CONTROLLERS, versionIn } from './groups.js';

/** What a probe expects, and what to do where it does not hold. */
export interface Condition {
  readonly expected: string;
  readonly hint: string;
}

/** `say NAME WHY`, a line a condition: WHY is empty when it holds. One line: what a tool says may have several. */
const SAY = `
say() { printf '%s\\t%s\\n' "$1" "$(printf %s "$2" | tr '\\n\\t' '  ')"; }
if [ "$(id -u)" = 0 ]; then say root ''; else say root "user $(id -un)"; fi
look_at_root() {
  if [ -z "$1" ]; then :
  elif [ ! -d "$1" ]; then say rootfs 'no such directory'
  elif [ -e "$1/bin/sh" ] || [ -L "$1/bin/sh" ]; then say rootfs ''
  else say rootfs 'has no /bin/sh'; fi
}
look_for_overlay() {
  if grep -qw overlay /proc/filesystems || modprobe -qn overlay 2>/dev/null; then say overlay ''
  else say overlay 'unknown to the kernel'; fi
  if why=$(unshare --mount true 2>&1); then say mounts ''; else say mounts "$why"; fi
}
`;

const CONDITIONS: Readonly<Record<string, Condition>> = {
  root: { expected: 'root', hint: 'connect to the host as root' },
  rootfs: {
    expected: 'a root file system',
    hint: 'correct `options.rootfs` of the target; debootstrap or mmdebstrap makes one',
  },
  overlay: { expected: 'overlay file systems', hint: 'use a kernel with CONFIG_OVERLAY_FS' },
  mounts: {
    expected: 'a root that may mount',
    hint: 'this host is a container itself: give it the rights of a machine (CAP_SYS_ADMIN), or use one',
  },
};

/** What holds and what does not, as a script of constants says; read-only. `programs`: each has to be on the PATH. */
export async function probeConditions(
  host: Executor,
  script: string,
  conditions: Readonly<Record<string, Condition>>,
  argv: readonly string[],
): Promise<readonly Finding[]> {
  const known = { ...CONDITIONS, ...conditions };
  const text = (await printed(host, ['sh', '-c', `${SAY}${script}:`, 'sh', ...argv])) ?? '';
  const findings = text.split('\n').flatMap((line): Finding[] => {
    const [check = '', why = ''] = line.split('\t');
    const condition = known[check];
    if (condition === undefined) return [];
    const { expected, hint } = condition;
    if (why.trim() === '') return [{ check, expected, found: expected, verdict: 'ok' }];
    return [{ check, expected, found: why.trim().slice(0, 300), verdict: 'differs', hint }];
  });
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
