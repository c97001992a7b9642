#!/bin/busybox sh
# Before a machine or a guest restarts or goes off: what is on the disk is complete, whatever still runs.
busybox sync
busybox mount -o remount,ro / 2>/dev/null
busybox sync
