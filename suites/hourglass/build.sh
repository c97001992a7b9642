# Builds hourglass from the source in this folder with the guest's own compiler, unless that was done before.
#   sh build.sh DIRECTORY
# Prints `program`, its path, a digest of source and compiler, and its linkage, divided by tabs.
set -eu
cd "$1"
compiler=
for name in cc gcc clang; do
    if command -v "$name" >/dev/null; then compiler=$(command -v "$name") && break; fi
done
if [ -z "$compiler" ]; then
    echo 'there is no C compiler (cc, gcc, clang) to build hourglass with: install the packages gcc and libc6-dev' >&2
    exit 1
fi
if command -v sha256sum >/dev/null; then digest() { sha256sum | cut -c 1-16; }; else digest() { cksum | tr ' ' -; }; fi
key=$({ cat hourglass.c; "$compiler" --version; uname -m; } | digest)
program=$1/hourglass-$key
if [ ! -x "$program" ]; then
    new=$1/building-hourglass.$$
    trap 'rm -f "$new"' EXIT
    "$compiler" -O2 -pthread -o "$new" hourglass.c
    mv "$new" "$program"
fi
linkage=unknown
if command -v ldd >/dev/null; then linkage=$(ldd "$program" 2>/dev/null | grep -c '=> /') || linkage=static; fi
printf 'program\t%s\tsource %s\t%s\n' "$program" "$key" "$linkage"
