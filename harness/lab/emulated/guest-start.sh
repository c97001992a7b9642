#!/bin/busybox sh
# Starts a guest of an emulated machine: file systems, and its settings from its second disk.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
[ -e /dev/stdin ] || ln -s /proc/self/fd/0 /dev/stdin
[ -e /dev/stdout ] || ln -s /proc/self/fd/1 /dev/stdout
[ -e /dev/stderr ] || ln -s /proc/self/fd/2 /dev/stderr
mkdir -p /dev/pts /dev/shm
mount -t devpts -o ptmxmode=0666,mode=620,gid=5 devpts /dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm /dev/shm
mount -t tmpfs -o mode=755,nosuid,nodev run /run
mount -t tmpfs -o mode=1777,nosuid,nodev tmp /tmp
mkdir -p /run/sshd /run/lock
ip link set lo up
# The second disk has the guest's name and address; what starts the guest writes it.
for disk in /dev/xvdb /dev/vdb; do
  [ -b "$disk" ] || continue
  mkdir -p /run/seed
  mount -t iso9660 -o ro "$disk" /run/seed || break
  install -m 600 /run/seed/authorized_keys /etc/ssh/lab_authorized_keys
  install -m 600 /run/seed/ssh_host_ed25519_key /etc/ssh/ssh_host_ed25519_key
  cp /run/seed/hostname /etc/hostname
  hostname -F /etc/hostname
  read -r address gateway _ </run/seed/address
  ip addr add "$address" dev eth0
  ip link set eth0 up
  ip route add default via "$gateway"
  umount /run/seed
  break
done
read -r up _ </proc/uptime
echo "LAB guest started $up" >/dev/console
