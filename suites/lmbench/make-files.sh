# The files of the file benchmarks, in the current directory: real data, in the page cache, synced.
#   sh make-files.sh
# Written 8 KiB at a time, as lmbench's own script does: the page cache keeps what one write brings as one piece, and
# with larger pieces a fault maps more, so that mmap and page fault become up to six times cheaper.
set -eu
dd if=/dev/urandom of=file-64m bs=8192 count=8192 2>dd.err || { cat dd.err >&2; exit 1; }
dd if=/dev/urandom of=file-256m bs=8192 count=32768 2>dd.err || { cat dd.err >&2; exit 1; }
rm -f dd.err
: >file-empty
sync
cat file-64m file-256m >/dev/null
for file in file-64m:67108864 file-256m:268435456; do
  found=$(wc -c <"${file%:*}")
  [ "$found" -eq "${file#*:}" ] || { echo "${file%:*} has $found bytes" >&2; exit 1; }
done
