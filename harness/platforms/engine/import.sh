# Makes an image of a directory with a root file system, unless there is one of the same content; prints its name.
#   import.sh ROOTFS LOCK
# The name is a hash of the directory: every path with its size and time of change.
set -eu
rootfs=$1 lock=$2
content=$(cd "$rootfs" && find . -xdev -printf '%P\t%y\t%m\t%s\t%T@\n' | LC_ALL=C sort | sha256sum | cut -c1-16)
image=bench-rootfs:$content
mkdir -p "${lock%/*}"
exec 9>"$lock"
flock 9
if ! docker image inspect "$image" >/dev/null 2>&1; then
  tar -C "$rootfs" --numeric-owner --one-file-system --xattrs -cf - . 9>&- |
    docker import --change 'LABEL bench.rootfs=1' - "$image" >/dev/null 9>&-
fi
echo "$image"
