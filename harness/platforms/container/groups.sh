# Ends and removes guests that are in control groups, in any state that a crash left. It follows
# guests.sh and cgroups.sh, and its first argument is GROUP, the parent of the guests' control groups. Only processes
# that the kernel lists in the guests' own groups are killed.
# Each tool defines `halt NAME` (stops what runs, keeps what starts again) and `discard NAME` (removes what the tool
# knows about it). Both see $guests and $group, and print to stderr why they fail. A tool may redefine groups_of,
# discard_shared and discard_parent.
group=$1
shift

groups_of() { # NAME: the guest's control group in every hierarchy, named by the tool's own id where it left one
  key=$(cat "$guests/$1/cid" 2>/dev/null) && [ -n "$key" ] || key=$1
  for mount in $(hierarchies); do
    # Tools add words before and after it; a longer name that begins or ends with it is another guest's.
    find "$mount" -maxdepth 8 -type d -path "*/$group*/*" \( -name "$key" -o -name "*[!0-9a-z]$key" -o \
      -name "$key.*" -o -name "*[!0-9a-z]$key.*" \) -prune 2>/dev/null
  done
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

remove_guest() { # NAME
  end_guest "$1" && discard "$1" || return 1
  unmount_below "$guests/$1"
  rm -rf --one-file-system "${guests:?}/$1"
}

parent_groups() { # the parent group in every hierarchy, and where it is a slice of systemd's
  for mount in $(hierarchies); do
    find "$mount" -maxdepth 7 -type d \( -name "$group" -o -name "$group.slice" \) -prune 2>/dev/null
  done
}

discard_shared() { :; }
discard_parent() { :; } # before the parent group's directories are removed

after_reap() { # KEEP...: the last reap removes what the guests shared
  [ $# = 0 ] || return 0
  discard_parent || failed=1
  parent_groups | while read -r directory; do
    find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null
  done
  rm -f "$guests/.lock"
  rmdir "$guests" 2>/dev/null
  discard_shared
}

# In version 1 a CPU that was offline for a moment stays missing from every cpuset except the root's. The parent group
# may date from then, and would refuse the CPU to its guests.
after_end() {
  parent_groups | while read -r directory; do
    [ ! -f "$directory/cpuset.effective_cpus" ] || cat "$directory/../cpuset.cpus" >"$directory/cpuset.cpus"
  done
}
