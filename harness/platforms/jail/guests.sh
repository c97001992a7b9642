#!/bin/sh
# Makes, ends and removes jails of FreeBSD, in whatever state a crash left them. For sh(1) of FreeBSD.
#   guests.sh start GUESTS NAME ROOTFS CPUS PCPU BYTES  PCPU and BYTES may be empty
#   guests.sh end   GUESTS NAME                         ends one jail and keeps its files
#   guests.sh reap  GUESTS KEEP...                      ends and removes every jail but those to keep; a name a line
# GUESTS is the harness's own directory. Only jails whose directory in it carries the marker are touched.
set -u
action=$1 guests=$2
shift 2

marked() { # NAME
  [ -f "$guests/$1/made-by-bench" ] && [ ! -L "$guests/$1" ]
}

is_running() { jls -j "$1" jid >/dev/null 2>&1; }

has_accounting() { [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; }

start_guest() { # NAME ROOTFS CPUS PCPU BYTES
  dir=$guests/$1
  mkdir -p "$dir/root" && echo bench-guest/1 >"$dir/made-by-bench" || return 1
  if [ ! -f "$dir/made" ]; then
    cp -a "$2/." "$dir/root/" && mkdir -p "$dir/root/dev" "$dir/root/var/lib/bench" && : >"$dir/made" || return 1
  fi
  # Rules outlive jails and may come before them: they hold from the jail's first process on.
  if has_accounting; then
    rctl -r "jail:$1" 2>/dev/null
    if [ -n "$4" ]; then rctl -a "jail:$1:pcpu:deny=$4" || return 1; fi
    if [ -n "$5" ]; then rctl -a "jail:$1:memoryuse:deny=$5" || return 1; fi
  fi
  jail -c "name=$1" "path=$dir/root" "host.hostname=$1" mount.devfs ip4=inherit persist </dev/null >&2 || return 1
  cpuset -l "$3" -j "$1"
}

end_guest() { # NAME
  if is_running "$1"; then jail -r "$1" </dev/null >&2; fi
  ! is_running "$1" || { echo "jail $1 still runs" >&2; return 1; }
  if has_accounting; then rctl -r "jail:$1" 2>/dev/null; fi
  if mount -p | grep -q "[[:blank:]]$guests/$1/root/dev[[:blank:]]"; then umount -f "$guests/$1/root/dev"; fi
}

remove_guest() { # NAME
  end_guest "$1" || return 1
  # Programs of FreeBSD's base system carry a flag against removal.
  chflags -R noschg "${guests:?}/${1:?}" && rm -rf -x "${guests:?}/${1:?}"
}

kept() { # NAME KEEP...
  name=$1
  shift
  for keep; do [ "$keep" != "$name" ] || return 0; done
  return 1
}

case $action in
start) start_guest "$@" ;;
end) ! marked "$1" || end_guest "$1" ;;
reap)
  failed=0
  for path in "$guests"/bench-*; do
    name=${path##*/}
    marked "$name" || continue
    ! kept "$name" "$@" || continue
    if remove_guest "$name"; then echo "$name"; else failed=1; fi
  done
  rmdir "$guests" 2>/dev/null
  exit "$failed"
  ;;
*) exit 2 ;;
esac
