#!/bin/sh
# unpack.sh RAM NEEDED-KIB LINK ARCHIVE [CHECKSUM-FILE]: makes an empty directory of this suite's in the RAM file system
# RAM, unpacks the sources into its folder `linux`, and makes LINK point to the directory. With a checksum file the
# archive is verified first. The directory's name follows from where this script is: what an interrupted trial left
# there is removed, and nothing else.
set -eu
ram=$1 needed=$2 link=$3 archive=$4
mine=$ram/bench-kernel-compile.$(dirname "$(readlink -f "$0")" | cksum | cut -d ' ' -f 1)
rm -rf "$mine"
free=$(df -Pk "$ram" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt "$needed" ]; then
    echo "not enough room in $ram: expected $needed KiB free, found $free KiB" >&2
    exit 1
fi
umask 022
mkdir "$mine"
ln -s "$mine" "$link"
if [ $# -gt 4 ]; then sha256sum -c --quiet "$5" >&2; fi
mkdir "$mine/unpacked"
if ! tar -xf "$archive" -C "$mine/unpacked" --no-same-owner; then
    echo "$archive could not be unpacked to $ram ($(df -Pk "$ram" | awk 'NR == 2 { print $4 }') KiB free)" >&2
    exit 1
fi
mv "$mine/unpacked"/* "$mine/linux"
echo "file-system $(stat -f -c %T "$ram")"
echo "kernel $(make -s -C "$mine/linux" kernelversion)"
