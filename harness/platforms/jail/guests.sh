# Jails of FreeBSD. It follows guests.sh. For sh(1) of FreeBSD.
#   start GUESTS NAME ROOTFS CPUS PCPU BYTES  makes and starts a jail; PCPU and BYTES may be empty

is_running() { jls -j "$1" jid >/dev/null 2>&1; }

has_accounting() { [ "$(sysctl -n kern.racct.enable 2>/dev/null)" = 1 ]; }

start_guest() { # NAME ROOTFS CPUS PCPU BYTES
  dir=$guests/$1
  mkdir -p "$dir/root" && echo bench-guest/1 >"$dir/made-by-bench" || return 1
  if [ ! -f "$dir/made" ]; then
    cp -a "$2/." "$dir/root/" && mkdir -p "$dir/root/dev" "$dir/root/var/lib/bench" && : >"$dir/made" || return 1
  fi
  # Rules outlive jails and may be set before them: they apply from the jail's first process on.
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
