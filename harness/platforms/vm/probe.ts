import { printed } from '../../host/printed.js';
import type { Executor, Finding } from '../../types.js';
import { readConditions, REPORT } from '../guest/conditions.js';
import type { VmOptions } from './options.js';

/** `sh -c PROBE sh TOOLS IMAGE KERNEL INITRD BRIDGE ADDRESS`; an argument is empty when the target does not have it. */
const PROBE = `${REPORT}missing=
for tool in $1; do command -v "$tool" >/dev/null || missing="$missing $tool"; done
if [ -n "$missing" ]; then report tools "no$missing"; else report tools ''; fi
if [ "$(id -u)" = 0 ]; then report root ''; else report root "user $(id -un)"; fi
readable() {
  [ -z "$2" ] || if [ ! -e "$2" ]; then report "$1" 'no such file'; elif [ ! -r "$2" ]; then report "$1" 'not readable'; else report "$1" ''; fi
}
readable image "$2"
readable kernel "$3"
readable initrd "$4"
if [ -n "$2" ] && [ "$(head -c 3 "$2" 2>/dev/null)" = QFI ] && ! command -v qemu-img >/dev/null; then report qcow2 'no qemu-img'; fi
if [ -z "$5" ]; then :
elif [ ! -d "/sys/class/net/$5/bridge" ]; then report bridge 'no such bridge'
elif ! ip -o -4 address show dev "$5" | grep -qF " $6 "; then report bridge "the bridge does not have the address $6"
else report bridge ''; fi
`;

const CONDITIONS = {
  root: { expected: 'root', hint: 'connect to the host as root' },
  image: { expected: 'a disk image', hint: 'correct `options.image` of the target' },
  kernel: { expected: 'a kernel', hint: 'correct `options.kernel` of the target' },
  initrd: { expected: 'an initial RAM disk', hint: 'correct `options.initrd` of the target' },
  qcow2: { expected: 'qemu-img, for the image is qcow2', hint: 'install the package qemu-utils' },
  bridge: {
    expected: 'a bridge with the address of `options.network`',
    hint: 'make it on the host (ip link add NAME type bridge; ip address add ...), or correct `options.network`',
  },
};

/** What every virtual machine needs on its host: tools, root, and the files and the bridge of its target. Read-only. */
export async function probeHost(
  host: Executor,
  tools: readonly string[],
  options?: VmOptions,
): Promise<readonly Finding[]> {
  const { image = '', kernel = '', initrd = '', network } = options ?? {};
  const args = [tools.join(' '), image, kernel, initrd, network?.bridge ?? '', network?.address ?? ''];
  const text = (await printed(host, ['sh', '-c', PROBE, 'sh', ...args])) ?? '';
  const needed = { expected: tools.join(', '), hint: 'install them, or let `bench prepare` do it' };
  return readConditions(text, { tools: needed, ...CONDITIONS });
}
