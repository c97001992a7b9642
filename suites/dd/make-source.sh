#!/bin/sh
# make-source.sh DD SOURCE MIB: random bytes, which no storage can compress, on their way to disk already and in the page
# cache. The kernel makes random bytes slower than most disks write them, so a trial writes these over and over.
set -eu
"$1" if=/dev/urandom of="$2" bs=1M count="$3" iflag=fullblock conv=fdatasync
"$1" if="$2" of=/dev/null bs=1M
