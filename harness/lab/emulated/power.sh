#!/bin/busybox sh
# reboot, poweroff, halt: those of systemd where it is process 1, otherwise those of busybox.
name=${0##*/}
[ ! -d /run/systemd/system ] || exec systemctl "$name" "$@"
exec busybox "$name" "$@"
