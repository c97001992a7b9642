import type { Command, Executor } from '../types.js';

/**
 * `sh -c ENTER sh ROOTFS COMMAND...`: runs a command in a root file system, in a mount namespace of its own where there is
 * unshare(1), with /proc mounted and with services that packages bring not started (policy-rc.d, Debian Policy 9.3.3).
 */
const ENTER = `
root=$1; shift
inside='mounted= policy=/usr/sbin/policy-rc.d made=
trap "[ -z \\"\\$made\\" ] || rm -f \\$policy; [ -z \\"\\$mounted\\" ] || umount /proc" EXIT
trap "exit 1" HUP INT TERM
[ -e /proc/self ] || { mkdir -p /proc && mount -t proc proc /proc && mounted=1; }
[ -e $policy ] || [ ! -d /usr/sbin ] || { printf "#!/bin/sh\\nexit 101\\n" >$policy && chmod 755 $policy && made=1; }
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
