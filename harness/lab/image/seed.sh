#!/bin/sh
# Run once a boot in guests of `bench rootfs --image`, before their SSH server: takes name, keys and address from the disk
# labelled CIDATA, as harness/platforms/vm/seed.ts writes it. Without that disk a guest keeps what it has, and makes itself
# a host key.
seed=/run/bench-seed
disk=$(blkid -L CIDATA)
if [ -n "$disk" ] && mkdir -p "$seed" && mount -t iso9660 -o ro "$disk" "$seed"; then
  install -d -m 700 /root/.ssh
  cat /etc/bench-authorized-keys "$seed/authorized_keys" >/root/.ssh/authorized_keys
  chmod 600 /root/.ssh/authorized_keys
  install -m 600 "$seed/ssh_host_ed25519_key" /etc/ssh/ssh_host_ed25519_key
  cp "$seed/hostname" /etc/hostname
  hostname -F /etc/hostname
  read -r address gateway mac <"$seed/address"
  for device in /sys/class/net/*; do
    [ "$(cat "$device/address")" = "$mac" ] || continue
    ip addr replace "$address" dev "${device##*/}"
    ip link set "${device##*/}" up
    ip route replace default via "$gateway"
  done
  umount "$seed"
fi
[ -f /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
