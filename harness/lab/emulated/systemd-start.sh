#!/bin/sh
# Prepares an emulated machine that systemd boots: what belongs to this one host, the network, the guests' root file system.
set -eu
# The second disk is an archive: name, host key, who may log in.
tar -xf /dev/vdb -C / --no-same-owner
hostname -F /etc/hostname
modprobe -a virtio_net loop overlay
ip link set lo up
ip addr add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip route add default via 10.0.2.2
# The disk that virtual machines have in other boots. Nobody writes to it.
mkdir -p /srv/bench/rootfs
mount -o ro,loop,noload /var/lib/lab/guest.ext4 /srv/bench/rootfs
