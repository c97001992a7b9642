#!/bin/sh
# write.sh DD SOURCE MIB COPIES TARGET: writes SOURCE, which has MIB mebibytes, COPIES times in a row over TARGET, without
# cutting it first. The last of these calls ends when all of the file is on the disk (fdatasync); the calls before return
# when their data are in the page cache, from where the kernel writes them meanwhile.
set -eu
copy=1
while [ "$copy" -lt "$4" ]; do
    "$1" if="$2" of="$5" bs=1M seek=$(((copy - 1) * $3)) conv=notrunc
    copy=$((copy + 1))
done
exec "$1" if="$2" of="$5" bs=1M seek=$(((copy - 1) * $3)) conv=notrunc,fdatasync
