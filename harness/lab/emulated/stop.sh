#!/bin/busybox sh
# Makes the disk complete before a machine or a guest restarts or goes off, also while programs run.
busybox sync
busybox mount -o remount,ro / 2>/dev/null
busybox sync
