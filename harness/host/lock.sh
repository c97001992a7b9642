# Reads and replaces the lock file of a host. All decisions are made by lock.ts; this makes them atomic.
#
#   sh lock.sh DIR show               prints boot id, uptime in seconds, UTC time, checksum of DIR/lock, and DIR/lock
#   sh lock.sh DIR swap SUM CONTENT   replaces DIR/lock by CONTENT if its checksum is still SUM; empty: removes it
#
# Exit codes: 0 done, 9 the checksum differs, 75 another instance has been running for 20 seconds, others: failed.
set -u
dir=$1 verb=$2
command -v flock >/dev/null || { echo 'flock is not installed (Debian package util-linux)' >&2; exit 1; }
# The directory itself is what is locked against other instances of this script: no file that could be left over.
exec 9<"$dir" || exit 1
flock -w 20 9 || { echo 'the lock file is being changed by somebody else' >&2; exit 75; }

# Somebody else may have put a link there, to read or write through it.
if [ -L "$dir/lock" ] || { [ -e "$dir/lock" ] && [ ! -f "$dir/lock" ]; }; then
  echo "$dir/lock is no regular file: look at it and remove it" >&2
  exit 1
fi

# No lock and an empty lock are the same.
checksum() { { [ ! -f "$dir/lock" ] || cat "$dir/lock"; } | cksum; }

case $verb in
show)
  read -r boot </proc/sys/kernel/random/boot_id || exit 1
  read -r uptime _ </proc/uptime || exit 1
  printf '%s\n%s\n%s\n%s\n' "$boot" "$uptime" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$(checksum)"
  [ ! -f "$dir/lock" ] || head -c 4096 "$dir/lock"
  ;;
swap)
  [ "$(checksum)" = "$3" ] || exit 9
  if [ -z "$4" ]; then
    rm -f "$dir/lock"
  else
    rm -f "$dir/lock.new"
    # A new file of this script: with -C the shell opens none that exists, nor the target of a link (POSIX: O_EXCL).
    (umask 022 && set -C && printf '%s' "$4" >"$dir/lock.new") && mv -f "$dir/lock.new" "$dir/lock"
  fi
  ;;
*) exit 2 ;;
esac
