#!/bin/sh
# stop-cluster.sh: stops the server of ./cluster at once, as what it would write is removed anyway, and prints its log.
set -u
tail -n 200 server.log 2>/dev/null
pid=
if [ -f cluster/postmaster.pid ]; then read -r pid <cluster/postmaster.pid; fi
case $pid in
'' | *[!0-9]*)
    echo 'no server is running'
    exit 0
    ;;
esac
kill -QUIT "$pid" 2>/dev/null
attempt=0
while kill -0 "$pid" 2>/dev/null; do
    attempt=$((attempt + 1))
    if [ "$attempt" -gt 100 ]; then
        echo "the server, process $pid, did not stop within ten seconds" >&2
        exit 1
    fi
    sleep 0.1
done
