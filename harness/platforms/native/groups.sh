# Control groups of native guests, which count their CPU time. It follows guest/cgroups.sh. The first arguments are
# GROUP, the parent of these groups, and an action:
#   make BASE NAME   makes BASE/GROUP/NAME, tries whether a process may enter it, and prints it
#   find NAME        prints the guest's group; fails where there is none
#   leave NAME       moves what runs in it back to BASE, and removes it
#   reap KEEP...     kills what runs in all groups but those to keep, removes them, and prints their names
set -u
group=$1 action=$2
shift 2

groups_of() { # PATTERN of names
  for mount in $(hierarchies); do
    find "$mount" -maxdepth 12 -type d -path "*/$group/$1" -prune 2>/dev/null
  done
}

remove() { # DIRECTORY: a group stays busy for a moment after its last process
  tries=0
  while [ -d "$1" ]; do
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$1" ] || break
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.05
  done
  rmdir "${1%/*}" 2>/dev/null
  :
}

empty() { # DIRECTORY BASE: without a BASE it kills
  tries=0
  while pids=$(processes_in "$1"); do
    for pid in $pids; do
      if [ -n "$2" ]; then echo "$pid" 2>/dev/null >"$2/cgroup.procs"; else kill -KILL "$pid" 2>/dev/null; fi
    done
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || return 1
    sleep 0.02
  done
}

kept() { # NAME KEEP...
  name=$1
  shift
  for keep; do [ "$keep" != "$name" ] || return 0; done
  return 1
}

failed=0
case $action in
make)
  directory=$1/$group/$2
  mkdir -p "$directory" && sh -c 'echo 0 >"$1/cgroup.procs"' sh "$directory" || exit 1
  [ -r "$directory/cpuacct.usage" ] || grep -q '^usage_usec ' "$directory/cpu.stat" || exit 1
  echo "$directory"
  ;;
find)
  directory=$(groups_of "$1" | head -n 1)
  [ -n "$directory" ] && echo "$directory"
  ;;
leave)
  for directory in $(groups_of "$1"); do
    empty "$directory" "${directory%/*/*}" && remove "$directory" || failed=1
  done
  ;;
reap)
  for directory in $(groups_of '*'); do
    ! kept "${directory##*/}" "$@" || continue
    if empty "$directory" '' && remove "$directory"; then echo "${directory##*/}"; else failed=1; fi
  done
  ;;
esac || failed=1
[ "$failed" = 0 ] || echo 'a control group of a native guest remains' >&2
exit "$failed"
