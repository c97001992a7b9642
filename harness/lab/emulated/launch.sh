#!/bin/sh
# Starts a program in control groups: what it becomes stays there, so that killing them ends all of it.
#   sh launch.sh GROUP... -- PROGRAM ARGUMENT...
set -eu
while [ "$1" != -- ]; do
  echo $$ >"$1/cgroup.procs"
  shift
done
shift
exec "$@"
