#!/bin/sh
# find-load.sh DBENCH: prints the path of the load file of a file server's client that comes with dbench.
set -u
prefix=${1%/bin/*}
for file in "$prefix/share/dbench/client.txt" "$prefix/share/client.txt" "${1%/*}/client.txt" \
    "$prefix/share/doc/dbench/loadfiles/client.txt" /usr/share/dbench/client.txt /usr/local/share/client.txt; do
    if [ -f "$file" ] && [ -r "$file" ]; then
        echo "load $file"
        echo "lines $(wc -l <"$file")"
        break
    fi
done
exit 0
