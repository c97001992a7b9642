#!/bin/sh
# remove.sh LINK: removes the directory in the RAM file system that unpack.sh made, and the link to it.
set -eu
[ -L "$1" ] || exit 0
target=$(readlink "$1")
case $target in */bench-kernel-compile.*) ;; *) echo "unexpected target of $1" >&2; exit 1 ;; esac
rm -rf "$target" "$1"
