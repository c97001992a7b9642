#!/bin/sh
# check-room.sh BYTES FILES: ends with 1 unless the file system of the working directory has room for that many bytes
# and new files. A benchmark that writes less than this in all cannot meet a full disk that it would not notice.
set -u
kib=$(df -P -k . | awk 'NR == 2 { print $4 }')
files=$(df -P -i . | awk 'NR == 2 { print $2, $4 }')
echo "room-kib $kib"
echo "room-files ${files#* } of ${files% *}"
case $kib in '' | *[!0-9]*) echo "df does not print how much room there is: $kib" >&2; exit 1 ;; esac
if [ "$kib" -lt $(($1 / 1024)) ]; then
    echo "no room: $1 bytes are needed, $kib KiB are free" >&2
    exit 1
fi
# File systems without a fixed number of files show 0 of 0, or `-`.
case $files in '0 '* | *[!0-9\ ]*) exit 0 ;; esac
if [ "${files#* }" -lt "$2" ]; then
    echo "no room: $2 files are needed, ${files#* } are free" >&2
    exit 1
fi
