import type { Command, Executor } from '../types.js';

/**
 * `sh -c ENTER sh ROOTFS COMMAND...`: runs a command in a root file system with /proc mounted, in a mount namespace of its
 * own where there is unshare(1).
 */
const ENTER = `
root=$1; shift
inside='mounted=
trap "[ -z \\"\\$mounted\\" ] || umount /proc" EXIT
trap "exit 1" HUP INT TERM
[ -e /proc/self ] || { mkdir -p /proc && mount -t proc proc /proc && mounted=1; }
"$@"'
set -- chroot "$root" /bin/sh -c "$inside" sh "$@"
if unshare -m true 2>/dev/null; then exec unshare -m "$@"; else exec "$@"; fi`;

/** Runs programs in a root file system in a directory of a host, as the host's root. Files are not put there. */
export function rootfsExecutor(host: Executor, rootfs: string): Executor {
  return {
    ...host,
    where: `${rootfs} on ${host.where}`,
    exec: (command: Command) => host.exec({ ...command, argv: ['sh', '-c', ENTER, 'sh', rootfs, ...command.argv] }),
  };
}
