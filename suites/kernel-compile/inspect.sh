#!/bin/sh
# inspect.sh DIRECTORY...: finds the kernel's sources, the compiler and a RAM file system, and prints what they are in lines
# of `key value`. Sources: the first linux-source-*.tar.* or linux-*.tar.* of the directories, then Debian's.
set -u
for directory in "$@" /usr/src; do
    for archive in "$directory"/linux-source-6.1.tar.* "$directory"/linux-source-*.tar.* "$directory"/linux-[0-9]*.tar.*; do
        case $archive in *.tar.xz | *.tar.gz | *.tar.bz2 | *.tar.zst) ;; *) continue ;; esac
        [ -f "$archive" ] && [ -r "$archive" ] && break 2
    done
    archive=
done
if [ -n "$archive" ]; then
    echo "archive $archive"
    echo "archive-stamp $(stat -L -c '%s %Y' "$archive")"
fi
for program in gcc make flex bison bc xz tar ld sha256sum perl; do
    path=$(command -v "$program") || continue
    echo "path-$program $path"
    # A compiler cache in the place of the compiler would be measured instead of it.
    case $(readlink -f "$path") in *ccache* | *distcc* | *icecc*) echo "cached $path" ;; esac
done
echo "version-gcc $(gcc -dumpfullversion 2>/dev/null) ($(gcc -dumpmachine 2>/dev/null))"
echo "version-make $(make --version 2>/dev/null | head -n 1)"
for header in libelf.h openssl/ssl.h; do
    if printf '#include <%s>\n' "$header" | gcc -E -x c - >/dev/null 2>&1; then echo "header $header"; fi
done
# The RAM file system with the most room that this user can write to; memory behind it may be limited further.
best=0
while read -r _ place type _; do
    [ "$type" = tmpfs ] || continue
    case $place in /dev/shm | /run/shm | /tmp | /var/tmp | /run/user/* | /mnt/*) ;; *) continue ;; esac
    [ -d "$place" ] && [ -w "$place" ] || continue
    free=$(df -Pk "$place" 2>/dev/null | awk 'NR == 2 { print $4 }')
    case $free in '' | *[!0-9]*) continue ;; esac
    if [ "$free" -gt "$best" ]; then best=$free ram=$place; fi
done </proc/mounts
if [ "$best" -gt 0 ]; then echo "ram $ram"; fi
exit 0
