#!/bin/sh
# drop-cache.sh DD FILE: takes a file out of the page cache, as far as the kernel follows the advice (posix_fadvise), and
# prints what is left of it there. Needs no privilege, and touches the cache of no other file.
set -eu
sync -f "$2"
"$1" if="$2" iflag=nocache count=0
if command -v fincore >/dev/null; then echo "cached-bytes $(fincore -b -n -o RES "$2" | tr -d ' ')"; fi
