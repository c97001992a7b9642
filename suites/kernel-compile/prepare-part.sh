#!/bin/sh
# prepare-part.sh DIRECTORY ARCHIVE STAMP COMPILER PLACE: once for a guest, unpacks the part of the kernel's sources that a
# tiny configuration needs, configures and prepares it with the guest's compiler, and keeps it as DIRECTORY/part-KEY.tar
# with its checksum beside it. PLACE is where it is done. Prints `part PATH` and `kernel VERSION`. Nothing remains of an
# attempt that fails; the archive appears whole or not at all.
set -eu
directory=$1 archive=$2 stamp=$3 compiler=$4 place=$5
key=$({ echo "$archive $stamp" && "$compiler" --version && uname -m && cat "$0"; } | sha256sum | cut -c 1-16)
part=$directory/part-$key.tar
if [ ! -f "$part.sha256" ]; then
    rm -rf "$directory"/part-* "$directory"/building.*
    work=$(mktemp -d "$place/bench-kernel-part.XXXXXX")
    trap 'rm -rf "$work" "$directory"/building.*' EXIT
    trap 'exit 1' HUP INT TERM
    case $(uname -m) in x86_64 | i?86) arch='[!x]' ;; *) arch="[!$(uname -m | cut -c 1)]" ;; esac
    # Listing stops at the first name; what then complains is the decompressor whose reader left.
    top=$(tar -tf "$archive" 2>/dev/null | head -n 1 | cut -d / -f 1)
    case $top in '' | . | .. | *[!A-Za-z0-9._-]*) echo "$archive: expected one directory with the sources" >&2; exit 1 ;; esac
    set -- "--exclude=$top/Documentation/*/*" "--exclude=$top/tools/testing/*" "--exclude=$top/tools/perf/*"
    for folder in block certs crypto drivers fs ipc mm net samples security sound virt "arch/$arch*"; do
        set -- "$@" "--exclude=$top/$folder/*.[chS]" "--exclude=$top/$folder/*.dts*"
    done
    tar -xf "$archive" -C "$work" --no-same-owner --anchored --wildcards "$@"
    cd "$work"
    [ "$top" = linux ] || mv "$top" linux
    cd linux
    if ! { make -s CC="$compiler" HOSTCC="$compiler" tinyconfig &&
        make -s -j2 CC="$compiler" HOSTCC="$compiler" prepare; } >../make.log 2>&1; then
        grep -m 1 -i -E 'error|not found|No such file' ../make.log >&2 || tail -n 1 ../make.log >&2
        exit 1
    fi
    version=$(make -s kernelversion)
    cd ..
    tar --format=posix -cf "$directory/building.$$" linux
    echo "$version" >"$part.version"
    sum=$(sha256sum <"$directory/building.$$" | cut -d ' ' -f 1)
    mv "$directory/building.$$" "$part"
    echo "$sum  $part" >"$directory/building.sum"
    mv "$directory/building.sum" "$part.sha256"
fi
echo "part $part"
echo "kernel $(cat "$part.version")"
