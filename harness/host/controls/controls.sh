# Looks at, journals and changes settings of a host. All decisions are made by the code that runs it; what is here is
# what must be atomic, durable, or in one round trip.
#
#   sh -c SCRIPT controls look DIR ROOT           stdin: patterns of files, one a line
#       prints `boot ID`, `journal BYTES` with that many bytes and a line feed, or `journal none`, then a line FILE:LINE
#       for each line of each file that a pattern matches
#   sh -c SCRIPT controls begin DIR OLD BYTES     stdin: the new journal, of that many bytes
#       replaces the journal, durably, when its token is OLD (`-`: there is none)
#   sh -c SCRIPT controls write DIR TOKEN ROOT    stdin: for each file a line with its path and a line with its value
#       prints for each `ok<TAB>PATH` or `failed<TAB>PATH<TAB>MESSAGE`; only under the journal TOKEN, of this boot
#   sh -c SCRIPT controls end DIR TOKEN           removes the journal when its token is TOKEN
#
# DIR holds the journal; ROOT is empty, or a folder with a copy of the files. Exit codes: 0 done, 9 the journal is
# another one or of another boot, 75 another instance has been at work for two minutes, others: failed.
set -u
export LC_ALL=C
verb=$1 dir=$2

# An instance whose connection was cut may still be writing: others wait for it.
enter() {
  command -v flock >/dev/null || { echo 'flock is not installed (Debian package util-linux)' >&2; exit 1; }
  exec 9<"$dir" || exit 1
  flock -w 120 9 || { echo 'another bench is changing settings here' >&2; exit 75; }
}

# The first line of a journal: format, token, boot id.
header() { [ ! -f "$dir/journal" ] || head -n 1 "$dir/journal"; }
token() { set -- $(header) - -; echo "$2"; }
boot_id() { cat "$1/proc/sys/kernel/random/boot_id"; }

# Somebody else may have put a link there, to read or write through it.
if [ -n "$dir" ] && { [ -L "$dir/journal" ] || { [ -e "$dir/journal" ] && [ ! -f "$dir/journal" ]; }; }; then
  echo "$dir/journal is no regular file: look at it and remove it" >&2
  exit 1
fi
# What a journal of another user lists must not be written by this one, root perhaps.
own() {
  [ ! -e "$dir/journal" ] || [ -O "$dir/journal" ] || { echo "$dir/journal belongs to another user" >&2; exit 1; }
}

# fsync of files and folders (coreutils); where sync(1) takes none, everything.
durable() { sync "$@" 2>/dev/null || sync; }

case $verb in
look)
  root=$3
  printf 'boot %s\n' "$(boot_id "$root")"
  if [ -n "$dir" ] && [ -f "$dir/journal" ]; then
    # A copy of one moment: the file may be replaced between measuring and printing it.
    journal=$(cat "$dir/journal"; echo .) && journal=${journal%.}
    printf 'journal %s\n%s\n' "${#journal}" "$journal"
  else
    echo 'journal none'
  fi
  set --
  while IFS= read -r pattern; do
    IFS=
    # Names may hold backslashes: a path that exists is taken as it is, not as a pattern.
    if [ -f "$root$pattern" ]; then set -- "$@" "$root$pattern"; unset IFS; continue; fi
    for file in $root$pattern; do [ ! -f "$file" ] || set -- "$@" "$file"; done
    unset IFS
  done
  [ $# -eq 0 ] || grep -s -H '' "$@"
  :
  ;;
begin)
  mkdir -p "$dir" && enter && own
  [ "$(token)" = "$3" ] || exit 9
  umask 022
  rm -f "$dir/journal.new"
  # A new file of this script: with -C the shell opens none that exists, nor the target of a link (POSIX: O_EXCL).
  set -C
  cat >"$dir/journal.new" || exit 1
  set +C
  # A connection that is cut ends the input early.
  [ "$(wc -c <"$dir/journal.new")" -eq "$4" ] || exit 1
  durable "$dir/journal.new" && mv -f "$dir/journal.new" "$dir/journal" && durable "$dir"
  ;;
write)
  token=$3 root=$4
  [ -d "$dir" ] || exit 9
  enter && own
  set -- $(header) - - -
  [ "$2" = "$token" ] && [ "$3" = "$(boot_id "$root")" ] || exit 9
  while IFS= read -r path && IFS= read -r value; do
    file=$root$path
    if [ ! -f "$file" ]; then
      message='No such file or directory'
    elif (printf '%s\n' "$value" >"$file") 2>/dev/null; then
      message=
    # Shells do not print why a write failed; cat does.
    elif message=$(printf '%s\n' "$value" | { cat >"$file"; } 2>&1); then
      message=
    fi
    if [ -z "$message" ]; then
      printf 'ok\t%s\n' "$path"
    else
      printf 'failed\t%s\t%s\n' "$path" "$(printf '%s' "$message" | tr '\n\t' '  ')"
    fi
  done
  ;;
end)
  [ -d "$dir" ] || exit 0
  enter && own
  [ "$(token)" = "$3" ] || exit 9
  rm -f "$dir/journal" && durable "$dir"
  ;;
*) exit 2 ;;
esac
