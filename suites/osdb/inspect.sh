#!/bin/sh
# inspect.sh DIR...: finds PostgreSQL's programs in one of these directories, or in the usual ones, or by PATH, and prints
# what they are and which user can own a cluster: lines of `key value`. The first directory with all four counts, of
# Debian's versions the newest. Debian's /usr/bin holds scripts that choose a cluster of the system's own.
set -u
complete() {
    for program in postgres initdb psql pgbench; do
        [ -f "$1/$program" ] && [ -x "$1/$program" ] || return 1
    done
}
found=
for directory in "$@"; do
    if complete "$directory"; then found=$directory && break; fi
done
if [ -z "$found" ]; then
    newest=0
    for directory in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin; do
        major=${directory%/bin}
        major=${major##*[/-]}
        major=${major%%.*}
        case $major in '' | *[!0-9]*) continue ;; esac
        if [ "$major" -gt "$newest" ] && complete "$directory"; then newest=$major found=$directory; fi
    done
fi
if [ -z "$found" ]; then
    IFS=:
    for directory in $PATH /usr/local/pgsql/bin; do
        if complete "$directory"; then found=$directory && break; fi
    done
    unset IFS
fi
if [ -n "$found" ]; then
    echo "bindir $found"
    for program in postgres pgbench; do
        echo "version-$program $("$found/$program" --version 2>/dev/null | head -n 1)"
        if command -v ldd >/dev/null; then echo "libraries-$program $(ldd "$found/$program" 2>/dev/null | grep -c '=>')"; fi
    done
fi
echo "uid $(id -u)"
if id -u postgres >/dev/null 2>&1; then echo 'owner postgres'; fi
for program in setpriv awk sort sed; do
    if command -v "$program" >/dev/null; then echo "has $program"; fi
done
exit 0
