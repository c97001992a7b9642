# Ends guests in whatever state a crash left them, and removes what they leave outside their directories. In front of it
# a tool puts its own `halt NAME` (stops what runs, keeps what starts again) and `discard NAME` (removes all the tool
# knows of it); both see $guests and $group, and say on stderr why they cannot.
#   end  GUESTS GROUP NAME      ends one guest and keeps its directory
#   reap GUESTS GROUP KEEP...   ends and removes every guest but those to keep; prints a name a line
# GUESTS is the directory of guests, GROUP the parent of their control groups. Only directories that carry the marker
# are touched, and only processes that the kernel lists in the guests' own groups.

hierarchies() { # the mount point of each
  while read -r _ mount type _; do
    case $type in cgroup | cgroup2) echo "$mount" ;; esac
  done </proc/mounts
}

groups_of() { # NAME: the guest's control group in every hierarchy, named by the tool's own id where it left one
  key=$(cat "$guests/$1/cid" 2>/dev/null) && [ -n "$key" ] || key=$1
  for mount in $(hierarchies); do
    # Tools put words of theirs around it; a longer name that begins or ends with it is another guest's.
    find "$mount" -maxdepth 8 -type d -path "*/$group*/*" \( -name "$key" -o -name "*[!0-9a-z]$key" -o \
      -name "$key.*" -o -name "*[!0-9a-z]$key.*" \) -prune 2>/dev/null
  done
}

processes_in() { # DIRECTORY of a control group
  find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | grep -v '^0$'
}

empty_group() { # DIRECTORY: kills what is in it, then removes it with the groups in it
  tries=0
  while pids=$(processes_in "$1"); do
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || return 1
    sleep 0.05
  done
  tries=0
  # A group stays busy for a moment after its last process.
  while [ -d "$1" ]; do
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    [ -d "$1" ] || return 0
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || return 1
    sleep 0.05
  done
}

unmount_below() { # DIRECTORY
  grep -F " $1/" /proc/self/mountinfo | cut -d' ' -f5 | sort -r | while read -r point; do
    umount "$point" 2>/dev/null || umount -l "$point"
  done
}

end_guest() { # NAME
  halt "$1" || return 1
  left=
  for directory in $(groups_of "$1"); do
    empty_group "$directory" || left="$left $directory"
  done
  unmount_below "$guests/$1"
  [ -z "$left" ] || {
    echo "processes or groups of $1 remain:$left" >&2
    return 1
  }
}

marked() { # NAME
  [ -f "$guests/$1/made-by-bench" ] && [ ! -L "$guests/$1" ]
}

kept() { # NAME KEEP...
  name=$1
  shift
  for keep; do [ "$keep" != "$name" ] || return 0; done
  return 1
}

remove_shared() { # the parent group in every hierarchy, and empty directories of ours
  for mount in $(hierarchies); do
    find "$mount" -maxdepth 7 -type d -path "*/$group" -prune 2>/dev/null
  done | while read -r directory; do
    find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null
  done
  rm -f "$guests/.lock"
  rmdir "$guests" 2>/dev/null
  return 0
}

# In version 1 a CPU that was offline for a moment stays missing from every cpuset but the root's: the parent group may
# be of that time, and would refuse the CPU to its guests.
widen_cpus() {
  for mount in $(hierarchies); do
    find "$mount" -maxdepth 7 -type d -path "*/$group" -prune 2>/dev/null
  done | while read -r directory; do
    [ ! -f "$directory/cpuset.effective_cpus" ] || cat "$directory/../cpuset.cpus" >"$directory/cpuset.cpus"
  done
}

action=$1 guests=$2 group=$3
shift 3
case $action in
end) ! marked "$1" || end_guest "$1" && widen_cpus ;;
reap)
  failed=0
  for path in "$guests"/bench-*; do
    name=${path##*/}
    marked "$name" || continue
    ! kept "$name" "$@" || continue
    if end_guest "$name" && discard "$name"; then
      unmount_below "$path"
      rm -rf --one-file-system "$path" && echo "$name"
    else
      failed=1
    fi
  done
  [ $# -gt 0 ] || remove_shared
  exit "$failed"
  ;;
*) exit 2 ;;
esac
