# Guests of util-vserver. It follows guests.sh and claims.sh.
#   make GUESTS NAME ROOTFS DEVICE ADDRESS...  makes the guest unless it is made, and gives it an address; prints the number
#                                             of its context

# Contexts 2 to 49151 are static (configuration.html of util-vserver). Administrators seldom use the upper end.
free_contexts() { numbers_except "$(cat /etc/vservers/*/context 2>/dev/null)"; }

inside() { # VDIR PATH: makes a directory of the guest; a link in it that leads out of the guest must not be followed
  mkdir -p "$1/$2" && case $(readlink -f "$1/$2")/ in "$1"/*) ;; *)
    echo "/$2 of the root file system leads out of it" >&2
    return 1
    ;;
  esac
}

populate() { # NAME ROOTFS
  vdir=$(readlink -f "/etc/vservers/$1/vdir") || return 1
  cp -a "$2/." "$vdir/" || return 1
  # The start of util-vserver opens /dev/null.
  for path in tmp dev sbin var/lib var/lib/bench; do inside "$vdir" "$path" || return 1; done
  for node in null:3 zero:5 full:7 random:8 urandom:9; do
    [ -e "$vdir/dev/${node%:*}" ] || mknod -m 666 "$vdir/dev/${node%:*}" c 1 "${node#*:}" || return 1
  done
  # The style `plain` runs /sbin/init. Ending at SIGINT makes a stop take 3 s; without that it takes 33 s.
  rm -f "$vdir/sbin/init"
  cat >"$vdir/sbin/init" <<'INIT'
trap 'kill $!; exit 0' INT
# Without sleep(1) it ends instead of looping.
while sleep 3600 & wait $!; do :; done
INIT
  chmod 755 "$vdir/sbin/init"
}

# The first fstab of util-vserver has 16 MiB for /tmp and no /dev/shm. As on other platforms, /tmp is on the guest's disk, and
# the memory of the guest limits /dev/shm.
write_fstab() { # NAME
  vdir=$(readlink -f "/etc/vservers/$1/vdir") || return 1
  for path in proc dev/pts dev/shm; do inside "$vdir" "$path" || return 1; done
  cat >"/etc/vservers/$1/fstab" <<'FSTAB'
none	/proc	proc	defaults	0 0
none	/dev/pts	devpts	gid=5,mode=620	0 0
none	/dev/shm	tmpfs	mode=1777,nosuid,nodev	0 0
FSTAB
}

take_address() { # NAME ADDRESS...: a free address, or the guest's own if it still has one
  name=$1
  shift
  address=$(claim address "$name" "$@") || { echo "all of $# addresses are taken" >&2; return 1; }
}

make_guest() { # NAME ROOTFS DEVICE ADDRESS...
  name=$1 rootfs=$2 device=$3
  shift 3
  config=/etc/vservers/$name
  if marked "$name" && [ -f "$guests/$name/made" ] && [ -d "$config" ]; then
    take_address "$name" "$@" && write_fstab "$name" || return 1
    echo "${address%/*}" >"$config/interfaces/0/ip"
    echo "${address#*/}" >"$config/interfaces/0/prefix"
    cat "$guests/$name/context"
    return
  fi
  if marked "$name"; then
    remove_guest "$name" || return 1
  elif [ -e "$config" ] || [ -e "/etc/vservers/.defaults/vdirbase/$name" ]; then
    echo "there is a guest $name that was not made by bench" >&2
    return 1
  fi
  mkdir -p "$guests/$name" && echo bench-guest/1 >"$guests/$name/made-by-bench" || return 1
  # shellcheck disable=SC2046
  context=$(claim context "$name" $(free_contexts)) || { echo 'no context number is free' >&2; return 1; }
  take_address "$name" "$@" || return 1
  vserver "$name" build -m skeleton --hostname "$name" --context "$context" --interface "$address" \
    --initstyle plain </dev/null >&2 || return 1
  if [ -n "$device" ]; then
    rm -f "$config/interfaces/0/nodev"
    echo "$device" >"$config/interfaces/0/dev"
  fi
  populate "$name" "$rootfs" && write_fstab "$name" || return 1
  echo "$context" >"$guests/$name/context"
  : >"$guests/$name/made"
  echo "$context"
}

remove_group() { # DIRECTORY: a group stays busy for a moment after its last process
  tries=0
  while [ -d "$1" ]; do
    rmdir "$1" 2>/dev/null && return
    tries=$((tries + 1))
    [ "$tries" -lt 50 ] || return 1
    sleep 0.1
  done
}

# After a crash `stop` reports that the guest does not run, exits 0, and still removes the run file and the address. It
# leaves the control group, and when that exists the next start sets no limits.
end_guest() { # NAME
  [ -d "/etc/vservers/$1" ] || return 0
  vserver "$1" stop </dev/null >/dev/null 2>&1
  if vserver "$1" running </dev/null >/dev/null 2>&1; then
    vkill --xid "$(cat "$guests/$1/context")" -s KILL -- 0 >/dev/null 2>&1
    sleep 1
    vserver "$1" stop </dev/null >/dev/null 2>&1
  fi
  if vserver "$1" running </dev/null >/dev/null 2>&1; then
    echo "$1 still runs" >&2
    return 1
  fi
  for directory in "/dev/cgroup/$1" "/dev/cpuset/$1"; do
    remove_group "$directory" || { echo "processes remain in $directory" >&2; return 1; }
  done
  # `stop` leaves the name of the context.
  for link in /var/run/vservers.rev/*; do
    [ "$(readlink "$link")" != "/etc/vservers/$1" ] || rm -f "$link"
  done
  release_claims "$1" address
}

# Not `vserver NAME delete`: it prompts, and with its input closed it exits 2 and removes nothing.
remove_guest() { # NAME
  end_guest "$1" || return 1
  rm -rf --one-file-system "/etc/vservers/.defaults/vdirbase/${1:?}" "/etc/vservers/.defaults/cachebase/${1:?}" \
    "/etc/vservers/${1:?}" || return 1
  release_claims "$1"
  rm -rf "${guests:?}/$1"
}
