#!/bin/sh
# find-program.sh NAME ARGUMENT DIRECTORY...: finds a program in one of these directories or by PATH, and prints what it
# is: lines of `key value`. `printed` is the first line that it prints when it is called with ARGUMENT (without one where
# that is empty), from which its version can be read.
set -u
name=$1 argument=$2
shift 2
path=
for directory in "$@"; do
    if [ -f "$directory/$name" ] && [ -x "$directory/$name" ]; then path=$directory/$name && break; fi
done
[ -n "$path" ] || path=$(command -v "$name") || exit 0
echo "path $path"
limit=
if command -v timeout >/dev/null; then limit='timeout -s KILL 10'; fi
echo "printed $($limit "$path" ${argument:+"$argument"} </dev/null 2>&1 | head -n 1)"
if command -v ldd >/dev/null; then echo "libraries $(ldd "$path" 2>/dev/null | grep -c '=>')"; fi
if command -v dpkg-query >/dev/null; then
    # One search for all names: each reads the lists of files of all packages.
    owner=$(dpkg-query -S "$path" "/usr$path" "${path#/usr}" 2>/dev/null | head -n 1)
    if [ -n "$owner" ]; then echo "package $(dpkg-query -W -f '${Package} ${Version}' "${owner%%:*}" 2>/dev/null)"; fi
fi
exit 0
