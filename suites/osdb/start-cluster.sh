#!/bin/sh
# start-cluster.sh BINDIR OWNER SETTING...: makes a PostgreSQL cluster in ./cluster with an empty database osdb, and
# leaves its server running with those settings. PostgreSQL refuses to run as root: then it runs as the user OWNER.
set -eu
bin=$1 owner=$2
shift 2

mkdir -m 700 cluster
if [ "$(id -u)" = 0 ]; then
    chown "$owner" cluster
    as_owner() { setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups "$@"; }
else
    as_owner() { "$@"; }
fi
# What is left of System V shared memory by a server that is killed goes with its namespace, where one can be had.
isolate=
if unshare --ipc true 2>/dev/null; then isolate='unshare --ipc'; fi

# The owner cannot pass through the closed directories above, and a socket's path has at most 107 bytes: both go through
# this open directory instead.
exec 9<cluster
log=$PWD/server.log
cd /
export TZ=UTC
as_owner "$bin/initdb" -D /proc/self/fd/9 -U osdb -A trust -E UTF8 --locale=C --no-sync

left=$#
while [ "$left" -gt 0 ]; do
    setting=$1
    shift
    set -- "$@" -c "$setting"
    left=$((left - 1))
done
if [ "$(id -u)" = 0 ]; then
    $isolate setpriv --reuid="$owner" --regid="$(id -g "$owner")" --init-groups \
        "$bin/postgres" -D /proc/self/fd/9 "$@" </dev/null >"$log" 2>&1 &
else
    "$bin/postgres" -D /proc/self/fd/9 "$@" </dev/null >"$log" 2>&1 &
fi
server=$!

ask() { "$bin/psql" -X -q -h /proc/self/fd/9 -p 5432 -U osdb -d postgres -c "$1"; }
attempt=0
until ask 'select version()' 2>/dev/null; do
    attempt=$((attempt + 1))
    if [ "$attempt" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        tail -n 50 "$log" >&2
        echo "the server does not answer; its last message: $(tail -n 1 "$log")" >&2
        exit 1
    fi
    sleep 0.1
done
ask 'create database osdb'
