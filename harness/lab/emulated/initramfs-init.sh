#!/busybox sh
# Process 1 of the initial RAM file system, of emulated machines and of their guests: loads the drivers that the root
# file system is behind, mounts what `root=` names, and starts what `init=` names there.
b=/busybox
$b mkdir -p /dev /proc /sys /new
$b mount -t devtmpfs dev /dev
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
while read -r module; do
  # Those of Xen's guests refuse to be loaded anywhere else, and so do the others there.
  $b insmod "/modules/$module" 2>/dev/null
done </modules/list
root=/dev/vda1 init=/sbin/init
for word in $($b cat /proc/cmdline); do
  case $word in
    root=*) root=${word#root=} ;;
    init=*) init=${word#init=} ;;
  esac
done
waited=0
while [ ! -b "$root" ] && [ $waited -lt 400 ]; do
  $b sleep 0.05
  waited=$((waited + 1))
done
$b mount -t ext4 -o rw,noatime "$root" /new || {
  $b echo "the root file system on $root cannot be mounted" >/dev/console
  $b sleep 5
  $b reboot -f
}
$b mount --move /dev /new/dev
$b mount --move /proc /new/proc
$b mount --move /sys /new/sys
exec $b switch_root /new "$init"
