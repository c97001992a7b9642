#!/bin/sh
# Makes the root of a lab host; run by lab-init as a child of process 1 in the host's new namespaces.
# usage: boot.sh HOSTDIR ROOTFS HOSTSFILE [NAME=OPTIONS]...
#   HOSTDIR    upper work root bench lxc docker containers seed: directories on a file system that can be an overlay's upper
#   ROOTFS     the cached Debian root file system, never written to
#   HOSTSFILE  /etc/hosts of all hosts of the lab
#   NAME       where a cgroup hierarchy goes below /sys/fs/cgroup (`.`: there itself); OPTIONS its mount options, or `v2`
set -eu
dir=$1 base=$2 hosts=$3
shift 3
root=$dir/root

# Nothing mounted here may reach the machine, and nothing the machine mounts later may show up here.
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$base,upperdir=$dir/upper,workdir=$dir/work" "$root"
cp -a "$dir/seed/." "$root/"
sed -i 's#^\(root:.*:\)[^:]*$#\1/usr/lib/bench-lab/lab-shell#' "$root/etc/passwd"
touch "$root/etc/hosts"
mount --bind "$hosts" "$root/etc/hosts"

# Settings in /proc/sys and /sys belong to the whole machine, which the lab must not change; those of the network are
# the host's own.
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"
if [ -e "$root/proc/sysrq-trigger" ]; then
  mount --bind "$root/proc/sysrq-trigger" "$root/proc/sysrq-trigger"
  mount -o remount,bind,ro "$root/proc/sysrq-trigger"
fi
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"

if [ "${1:-}" = '.=v2' ]; then
  mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
  mount -t tmpfs -o mode=755,size=1m cgroup "$root/sys/fs/cgroup"
  for hierarchy; do
    name=${hierarchy%%=*} options=${hierarchy#*=}
    mkdir "$root/sys/fs/cgroup/$name"
    if [ "$options" = v2 ]; then
      mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/$name"
    else
      mount -t cgroup -o "$options" cgroup "$root/sys/fs/cgroup/$name"
    fi
    case $name in
      *,*) for one in $(echo "$name" | tr , ' '); do ln -s "$name" "$root/sys/fs/cgroup/$one"; done ;;
    esac
  done
fi

dev=$root/dev
mount -t tmpfs -o mode=755,size=64k,nosuid dev "$dev"
mkdir "$dev/pts" "$dev/shm" "$dev/mqueue" "$dev/net"
node() { # NAME MAJOR MINOR, when the machine has it
  if [ -e "/dev/$1" ]; then mknod -m 666 "$dev/$1" c "$2" "$3"; fi
}
node null 1 3
node zero 1 5
node full 1 7
node random 1 8
node urandom 1 9
node tty 5 0
node fuse 10 229
node net/tun 10 200
ln -s pts/ptmx "$dev/ptmx"
ln -s /proc/self/fd "$dev/fd"
ln -s fd/0 "$dev/stdin"
ln -s fd/1 "$dev/stdout"
ln -s fd/2 "$dev/stderr"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev shm "$dev/shm"
mount -t mqueue mqueue "$dev/mqueue"

mount -t tmpfs -o mode=755,nosuid,nodev run "$root/run"
mkdir -p "$root/run/sshd" "$root/run/lock"
# A host that was powered off and on again has a new boot id, as a machine has.
cat /proc/sys/kernel/random/uuid >"$root/run/boot_id"
mount --bind "$root/run/boot_id" "$root/proc/sys/kernel/random/boot_id"

# Disks for guests: an overlay's upper directory cannot be on the overlay that is the root.
mkdir -p "$root/srv/bench/rootfs"
for name in bench lxc docker containers; do
  mkdir -p "$root/var/lib/$name"
  mount --bind "$dir/$name" "$root/var/lib/$name"
done
mount --bind "$base" "$root/srv/bench/rootfs"
mount -o remount,bind,ro "$root/srv/bench/rootfs"

cd "$root"
pivot_root . mnt
exec chroot . /bin/umount -l /mnt
