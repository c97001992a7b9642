# Control groups of guests, for scripts that make or read them. Mount points have no blanks.

hierarchies() { # prints the mount point of each
  while read -r _ mount type _; do
    case $type in cgroup | cgroup2) echo "$mount" ;; esac
  done </proc/mounts
}

processes_in() { # DIRECTORY: the processes of a group and of those below it; 0 is one that this name space does not see
  find "$1" -name cgroup.procs -exec cat {} + 2>/dev/null | grep -v '^0$'
}

# In version 1 a new cpuset is empty and must be filled level by level.
fill() { # DIRECTORY
  for file in cpuset.cpus cpuset.mems; do
    [ ! -f "$1/$file" ] || [ -n "$(cat "$1/$file")" ] || cat "$1/../$file" >"$1/$file"
  done
}

# In version 2 controllers are passed down one level at a time; those that the host does not pass down yet are enabled.
hand_down() { # DIRECTORY
  for controller in cpuset cpu memory; do
    echo "+$controller" >"$1/cgroup.subtree_control" 2>/dev/null || :
  done
}

make_groups() { # GROUP NAME: the guest's group below its parent, in every hierarchy
  for mount in $(hierarchies); do
    if [ -f "$mount/cgroup.controllers" ]; then
      hand_down "$mount"
      mkdir -p "$mount/$1" || return 1
      hand_down "$mount/$1"
      mkdir -p "$mount/$1/$2" || return 1
    else
      mkdir -p "$mount/$1" || return 1
      [ ! -f "$mount/$1/cpuset.cpus" ] || fill "$mount/$1"
      mkdir -p "$mount/$1/$2" || return 1
      [ ! -f "$mount/$1/cpuset.cpus" ] || fill "$mount/$1/$2"
    fi
  done
}

write_limit() { # GROUP NAME FILE VALUE: in whichever hierarchy has the file
  for mount in $(hierarchies); do
    [ ! -f "$mount/$1/$2/$3" ] || printf %s "$4" >"$mount/$1/$2/$3" || return 1
  done
}
