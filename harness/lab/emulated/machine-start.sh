#!/bin/busybox sh
# Starts an emulated machine: file systems, what belongs to this one host, the network, and Xen's tools or KVM.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
report() {
  read -r up _ </proc/uptime
  echo "LAB $1 $up" >/dev/console
}
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
[ -e /dev/stdin ] || ln -s /proc/self/fd/0 /dev/stdin
[ -e /dev/stdout ] || ln -s /proc/self/fd/1 /dev/stdout
[ -e /dev/stderr ] || ln -s /proc/self/fd/2 /dev/stderr
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=0666,mode=620,gid=5 devpts /dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm /dev/shm
mount -t tmpfs -o mode=755,nosuid,nodev run /run
mount -t tmpfs -o mode=1777,nosuid,nodev tmp /tmp
mount -t cgroup2 cgroup2 /sys/fs/cgroup
for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
  echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control
done
mkdir -p /run/sshd /run/lock /run/xen /run/xenstored /run/xen-hotplug

# The second disk is an archive: name, host key, who may log in.
tar -xf /dev/vdb -C / --no-same-owner
hostname -F /etc/hostname

modprobe -a virtio_net tun bridge loop 2>/dev/null
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
# Guests are wired to this bridge.
ip link add name br0 type bridge
ip addr add 10.9.0.1/24 dev br0
ip link set br0 up
echo 1 >/proc/sys/net/ipv4/ip_forward

if [ "$(cat /sys/hypervisor/type 2>/dev/null)" = xen ]; then
  modprobe -a xenfs xen-privcmd xen-evtchn xen-gntdev xen-gntalloc xen-blkback xen-netback 2>/dev/null
  mount -t xenfs xenfs /proc/xen
  mkdir -p /var/lib/xen /var/log/xen/console
  tools=$(echo /usr/lib/xen-[0-9]*/bin)
  # What an earlier boot knew of its guests.
  rm -f /var/lib/xen/userdata-* /var/lib/xenstored/tdb*
  "$tools/xenstored" --pid-file /run/xen/xenstored.pid
  waited=0
  while ! xenstore-read / >/dev/null 2>&1 && [ $waited -lt 200 ]; do
    sleep 0.1
    waited=$((waited + 1))
  done
  xenstore-write /local/domain/0/name Domain-0
  "$tools/xen-init-dom0"
  "$tools/xenconsoled" --pid-file=/run/xen/xenconsoled.pid --log=all
else
  modprobe kvm_amd 2>/dev/null || modprobe kvm_intel 2>/dev/null
fi
report started
