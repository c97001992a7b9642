#!/bin/sh
# Makes the contents of an emulated machine's disk out of two root file systems that mmdebstrap made.
#   sh build-disk.sh DIR SIZE OFFSET
#     DIR/machine  root file system of the machine; DIR/guest  that of its guests; both are changed
#     DIR/grub.cfg the menu
#     SIZE         of the partition, as mke2fs takes it, and where it begins, in bytes
# Leaves DIR/disk.raw, which is empty up to the partition, and GRUB's boot.img and core.img.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
dir=$1 size=$2 begin=$3
machine=$dir/machine guest=$dir/guest
inside() { chroot "$machine" "$@"; }
release=$(ls "$machine/lib/modules")
lab=$machine/var/lib/lab
mkdir -p "$lab"

# Drivers of devices that QEMU does not have are three quarters of the modules.
modules=$machine/lib/modules/$release/kernel
for unused in sound drivers/gpu drivers/media drivers/infiniband drivers/staging drivers/scsi drivers/usb drivers/iio \
  drivers/hid drivers/input drivers/platform drivers/mmc drivers/hwmon drivers/net/wireless drivers/net/ethernet \
  drivers/net/can drivers/net/usb drivers/isdn drivers/mtd drivers/bluetooth drivers/nfc net/bluetooth net/wireless \
  net/mac80211 fs/ocfs2 fs/xfs fs/btrfs fs/ceph fs/gfs2 fs/jfs fs/cifs fs/ksmbd; do
  rm -rf "${modules:?}/$unused"
done
inside depmod "$release"

# The kernel as the ELF file that it is: decompressing takes an emulated CPU many seconds, and Xen and QEMU load it as it is.
offset=$(LC_ALL=C grep -abo "$(printf '\375')7zXZ" "$machine/boot/vmlinuz-$release" | head -n 1 | cut -d: -f1)
tail -c +$((offset + 1)) "$machine/boot/vmlinuz-$release" | inside xz -dc --single-stream >"$lab/vmlinux"
mv "$machine/boot/vmlinuz-$release" "$lab/vmlinuz"
rm -f "$machine/boot/"config-* "$machine/boot/"System.map-*
gzip -dc "$machine"/boot/xen-*-amd64.gz >"$machine/boot/xen"
rm -f "$machine"/boot/xen-*

ram=$dir/initramfs
mkdir -p "$ram/modules"
cp "$machine/bin/busybox" "$ram/busybox"
install -m 755 "$here/initramfs-init.sh" "$ram/init"
: >"$ram/modules/list"
for module in virtio_pci virtio_blk virtio_net xen-blkfront xen-netfront ext4 crc32c_generic isofs; do
  inside modprobe -S "$release" --show-depends "$module" | sed -n 's/^insmod \([^ ]*\).*/\1/p' | while read -r path; do
    name=$(basename "$path")
    [ ! -e "$ram/modules/$name" ] || continue
    cp "$machine$path" "$ram/modules/$name"
    echo "$name" >>"$ram/modules/list"
  done
done
(cd "$ram" && find . | "$machine/bin/busybox" cpio -o -H newc) >"$lab/initrd" 2>/dev/null

# init, reboot and their like are busybox in both; the machine has systemd, too, for the boot that names it.
for root in "$machine" "$guest"; do
  rm -f "$root"/etc/ssh/ssh_host_*
  ln -sf ../bin/busybox "$root/sbin/init"
  for name in reboot poweroff halt; do
    rm -f "$root/sbin/$name"
    install -m 755 "$here/power.sh" "$root/sbin/$name"
  done
  mkdir -p "$root/usr/lib/bench-lab"
  install -m 644 "$here/inittab" "$root/etc/inittab"
  install -m 755 "$here/stop.sh" "$root/usr/lib/bench-lab/stop"
  : >"$root/etc/resolv.conf"
  : >"$root/etc/fstab"
  rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap"
  rm -rf "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
  install -m 644 "$dir/sshd_config" "$root/etc/ssh/sshd_lab"
done
install -m 755 "$here/machine-start.sh" "$machine/usr/lib/bench-lab/start"
install -m 755 "$here/guest-start.sh" "$guest/usr/lib/bench-lab/start"
install -m 755 "$here/systemd-start.sh" "$machine/usr/lib/bench-lab/systemd-start"
for unit in lab-seed.service lab-sshd.service; do
  install -m 644 "$here/$unit" "$machine/etc/systemd/system/$unit"
  inside systemctl enable --quiet "$unit"
done
# The lab has an SSH server of its own, and waits for its words on the console.
inside systemctl mask --quiet ssh.service ssh.socket serial-getty@ttyS0.service

printf '127.0.0.1\tlocalhost\n' | tee "$machine/etc/hosts" >"$guest/etc/hosts"

ext4() { # ROOT FILE SIZE OFFSET
  mke2fs -q -t ext4 -O ^metadata_csum,^orphan_file -E "lazy_itable_init=1,lazy_journal_init=1,offset=$4" -m 0 -d "$1" "$2" "$3"
}
ext4 "$guest" "$lab/guest.ext4" 1G 0 2>"$dir/mke2fs.log"

# All of the host VM's memory is its own from the start.
sed -i 's,^#\?autoballoon=.*,autoballoon="off",' "$machine/etc/xen/xl.conf"
mkdir -p "$machine/boot/grub"
install -m 644 "$dir/grub.cfg" "$machine/boot/grub/grub.cfg"
inside grub-editenv /boot/grub/grubenv create
inside grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o /tmp/core.img \
  biosdisk part_msdos ext2 normal linux multiboot2 loadenv test echo serial terminal reboot minicmd
mv "$machine/tmp/core.img" "$dir/core.img"
cp "$machine/usr/lib/grub/i386-pc/boot.img" "$dir/boot.img"
ext4 "$machine" "$dir/disk.raw" "$size" "$begin" 2>>"$dir/mke2fs.log"
