#!/bin/sh
# Holds a lock for as long as its standard input is open: sh hold-lock.sh FILE OWNER SECONDS
# Prints `waiting OTHER` when OTHER has it, and `held` once it is held. The kernel releases it with the last process that has
# the file open: whoever is killed, in whichever PID namespace, leaves no lock behind.
# Exit codes: 0 released, 75 not held within SECONDS, 76 the file was removed meanwhile (try again), others: failed.
set -u
file=$1 owner=$2 limit=$3
exec 9>>"$file"
if ! flock -n 9; then
  [ "$limit" -gt 0 ] || exit 75
  echo "waiting $(cat "$file")"
  flock -w "$limit" 9 || exit 75
fi
# Its last holder has removed it, and the next one may have made another.
[ "$(stat -L -c %d:%i /proc/self/fd/9)" = "$(stat -c %d:%i "$file" 2>/dev/null)" ] || exit 76
echo "$owner" >"$file"
echo held
cat >/dev/null
rm -f "$file"
