#!/bin/sh
# Makes a disk with a file system, and what a virtual machine is started with, out of a root file system.
#   build-image.sh ROOT OUT KEYS
#     ROOT  directory, which is changed; KEYS  file in the format of authorized_keys(5), for root
# Leaves OUT/disk.raw (ext4, labelled bench-root, no partition table, 4 GiB larger than its content), OUT/vmlinuz and
# OUT/initrd.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$1 out=$2 keys=$3
install -D -m 755 "$here/seed.sh" "$root/usr/lib/bench/seed"
install -m 644 "$here/seed.service" "$root/etc/systemd/system/bench-seed.service"
install -m 644 "$keys" "$root/etc/bench-authorized-keys"
install -d -m 700 "$root/root/.ssh"
install -m 600 "$keys" "$root/root/.ssh/authorized_keys"
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -sf ../bench-seed.service "$root/etc/systemd/system/multi-user.target.wants/bench-seed.service"
# Nothing that wakes up during a trial.
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  systemd-timesyncd.service postgresql.service docker.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
printf 'LABEL=bench-root / ext4 defaults 0 1\n' >"$root/etc/fstab"
printf '127.0.0.1\tlocalhost\n' >"$root/etc/hosts"
mkdir -p "$out"
cp "$root"/boot/vmlinuz-* "$out/vmlinuz"
cp "$root"/boot/initrd.img-* "$out/initrd"
size=$(($(du -s --apparent-size -k "$root" | cut -f1) * 6 / 5 + 4 * 1024 * 1024))
mke2fs -q -t ext4 -L bench-root -m 0 -d "$root" "$out/disk.raw" "${size}k"
