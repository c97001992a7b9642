#!/bin/sh
# Stands in for util-vserver on a Linux-VServer kernel, in a root file system of its own (see standin.ts). It answers as
# the transcripts do, in their words, and refuses with 99 whatever was never seen; refusals are kept in /refused.
tool=${0##*/}
. /kernel
seen4=/transcripts/4.9.154-vs2.3.9.8

refuse() {
  echo "$tool $*" >>/refused
  echo "stand-in: never seen: $tool $*" >&2
  exit 99
}

transcript() { # FILE of this kernel; both ran the same tools, so what only the other has applies to both
  if [ -f "/transcripts/$release/$1" ]; then echo "/transcripts/$release/$1"; else echo "$seen4/$1"; fi
}

recorded() { # FILE: what was printed there about the guest web1, for this one
  sed "s/web1/$name/g" "$(transcript "$1")"
}

is_running() { [ -d "/proc/virtual/$context" ]; }

end_processes() {
  while read -r pid; do kill -KILL "$pid" 2>/dev/null; done <"/state/$name.execs" 2>/dev/null
  read -r pid <"/state/$name.init" && kill -KILL -- "-$pid" 2>/dev/null
  rm -rf "/state/$name.execs" "/state/$name.init" "/proc/virtual/$context"
}

build() {
  case "$*" in
  "-m skeleton --hostname $name --context "[0-9]*" --interface "*" --initstyle plain") ;;
  *) refuse "$name build $*" ;;
  esac
  context=$6 ip=${8%/*} prefix=${8#*/}
  mkdir -p "$config/apps/init" "$config/cpuset" "$config/interfaces/0" "$config/uts" "/vservers/$name/dev"
  echo plain >"$config/apps/init/style"
  echo "$context" >"$config/context"
  echo "$ip" >"$config/interfaces/0/ip"
  echo "$prefix" >"$config/interfaces/0/prefix"
  : >"$config/interfaces/0/nodev"
  sed -n '/^== .\/fstab$/,/^== .\/interfaces/{/^==/!p;}' "$seen4/048-config-tree.stdout" >"$config/fstab"
  echo "$name" >"$config/name"
  echo "$name" >"$config/uts/nodename"
  ln -s "/etc/vservers/.defaults/vdirbase/$name" "$config/vdir"
  ln -s "/etc/vservers/.defaults/cachebase/$name" "$config/cache"
  ln -s "/var/run/vservers/$name" "$config/run"
  echo "No device specified for interface '0'; setting 'nodev'" >&2
}

join_group() {
  [ -d /dev/cgroup ] && grep -q ' /dev/cgroup cgroup ' /proc/mounts || return 0
  # What an earlier run left is taken as it is, and its files are not written.
  mkdir "/dev/cgroup/$name" 2>/dev/null || return 0
  cd "/dev/cgroup/$name" || exit 1
  set -- $(sed -n 5,8p "$seen4/070-cgroup-per-guest.stdout")
  echo "$1" >cpu.shares; echo "$2" >cpu.cfs_period_us; echo "$3" >cpu.cfs_quota_us; echo "$4" >memory.limit_in_bytes
  cat /dev/cgroup/cpuset.cpus >cpuset.cpus
  cat /dev/cgroup/cpuset.mems >cpuset.mems
  sed -n 9p "$seen4/070-cgroup-per-guest.stdout" >cpuacct.usage
  for file in "$config"/cgroup/*; do
    [ ! -f "$file" ] || [ -f "${file##*/}" ] || refuse "a control group's file ${file##*/}"
    [ ! -f "$file" ] || cat "$file" >"${file##*/}"
  done
  cd /
}

join_cpuset() {
  [ ! -d "$config/cgroup" ] || refuse "$config/cgroup"
  [ -f "$config/cpuset/name" ] || return 0
  grep -q ' /dev/cpuset cpuset ' /proc/mounts || refuse "$config/cpuset without CPU sets"
  mkdir "/dev/cpuset/$name"
  cat "$config/cpuset/cpus" >"/dev/cpuset/$name/cpus"
  cat "$config/cpuset/mems" >"/dev/cpuset/$name/mems"
}

# Mounts are seen in the guest's configuration only: every guest of a stand-in has the directories of its root.
look_at_fstab() {
  while read -r device at type options rest; do
    case "$device $type $rest" in 'none proc 0 0' | 'none tmpfs 0 0' | 'none devpts 0 0') ;; *) refuse "fstab: $at $type" ;; esac
    case $options in defaults | size=16m,mode=1777 | gid=5,mode=620 | mode=1777,nosuid,nodev) ;; *) refuse "fstab: $options" ;; esac
    [ -d "/vservers/$name$at" ] || return 1
  done <"$config/fstab"
}

has_own_address() {
  for other in /var/run/vservers/*; do
    [ -e "$other" ] || return 0
    other=${other##*/}
    [ "$other" = "$name" ] || ! cmp -s "$config/interfaces/0/ip" "/etc/vservers/$other/interfaces/0/ip" || return 1
  done
}

start() {
  [ $# = 0 ] || refuse "$name start $*"
  if is_running; then recorded 090-start-twice.stdout | sed 1d >&2; exit 0; fi
  if [ ! -f /state/vprocunhide ]; then recorded 016-start-plain-no-init.stderr >&2; exit 1; fi
  has_own_address || refuse "$name start with the address of another guest"
  if ! look_at_fstab || [ ! -e "/vservers/$name/dev/null" ]; then
    recorded 019-start-plain-no-init.stderr >&2
    exit 255
  fi
  [ -x "/vservers/$name/sbin/init" ] || refuse "$name start without /sbin/init"
  case $release in
  2.6.*) [ ! -d "$config/sched" ] || refuse "$config/sched"; join_cpuset ;;
  *)
    if [ -d "$config/sched" ]; then recorded 115-sched-dir-on-4.9.stdout | sed '1d;/^Vserver/,$d' >&2; exit 1; fi
    join_group
    ;;
  esac
  mkdir "/proc/virtual/$context"
  for file in sched limit status; do cat "$(transcript "$virtual-proc-virtual-$file.stdout")" >"/proc/virtual/$context/$file"; done
  echo "$context" >"/var/run/vservers/$name"
  # Stays after a stop (4.9.154, transcript 097).
  ln -sfn "/etc/vservers/$name" "/var/run/vservers.rev/$context"
  # The guest's first process has the streams of who started it.
  cd /
  setsid chroot "/vservers/$name" /sbin/init &
  echo $! >"/state/$name.init"
}

stop() {
  [ $# = 0 ] || refuse "$name stop $*"
  is_running || recorded 015-stop-stopped.stderr >&2
  ! is_running || { end_processes; rm -rf "/dev/cgroup/$name" "/dev/cpuset/$name"; }
  rm -f "/var/run/vservers/$name"
}

execute() {
  is_running || { recorded "$exec_stopped.stderr" >&2; exit 1; }
  [ $# -gt 0 ] || { recorded 040-exec-no-args.stderr >&2; exit 255; }
  case $1 in /*) found=$1 ;; *) found=/bin/$1 ;; esac
  root=/vservers/$name
  if [ ! -e "$root$found" ] && [ ! -L "$root$found" ]; then
    echo "vcontext: execvp(\"$1\"): No such file or directory" >&2
    exit 255
  elif [ ! -L "$root$found" ] && [ ! -x "$root$found" ]; then
    echo "vcontext: execvp(\"$1\"): Permission denied" >&2
    exit 255
  fi
  echo $$ >>"/state/$name.execs"
  exec chroot "$root" "$@"
}

vserver() {
  name=${1-} config=/etc/vservers/${1-}
  shift
  [ "${1-}" != build ] || { shift; [ ! -e "$config" ] || refuse "$name build again"; build "$@"; exit; }
  if [ ! -d "$config" ]; then sed "s/nosuch/$name/g" "$seen4/010-exec-no-such-vserver.stderr" >&2; exit 5; fi
  context=$(cat "$config/context")
  verb=${1-}
  [ $# = 0 ] || shift
  case $verb in
  start) start "$@" ;;
  stop) stop "$@" ;;
  exec) execute "$@" ;;
  running) is_running ;;
  status) is_running && refuse "$name status" || { recorded "$status_stopped.stdout"; exit 3; } ;;
  '') cat "$seen4/041-vserver-no-cmd.stderr" >&2; exit 2 ;;
  *) refuse "$name $verb $*" ;;
  esac
}

of_context() { # a context that runs; what the tools print about others was not recorded
  [ -d "/proc/virtual/$1" ] || refuse "--xid $*"
  files=/proc/virtual/$1
}

vsched() {
  [ "$1" = --xid ] && of_context "$2" || refuse "$@"
  case $release in 2.6.*) ;; *) echo 'vc_set_sched(): Function not implemented' >&2; exit 255 ;; esac
  all=$* flag=- rate2= shift2=
  shift 2
  case "$*" in
  '--fill-rate '*' --interval '*' --fill-rate2 '*' --interval2 '*' --tokens 50 --tokens-min 10 --tokens-max 100 --idle-time --force')
    flag=I rate2=$6 interval2=$8 ;;
  '--fill-rate '*' --interval '*' --tokens 50 --tokens-min 10 --tokens-max 100 --force')
    rate2=1 interval2=8 ;;
  *) refuse "$all" ;;
  esac
  sed -i "s|^cpu 0: \(.*\) R. .*|cpu 0: \1 R$flag 50 10 100 $2/$4 $rate2/$interval2 0 0|" "$files/sched"
}

vattribute() {
  [ "$1 $2" = '--set --xid' ] && of_context "$3" && [ "$4 $5 $#" = '--flag sched_hard 5' ] || refuse "$@"
  sed -i 's/^\(Flags:.*\)010$/\1110/' "$files/status"
}

vlimit() {
  [ "$1" = --xid ] && of_context "$2" && [ "$3 $4 $5 $#" = '-H -S --rss 6' ] || refuse "$@"
  case $release in
  2.6.*) sed -i "s|^\(RSS:.*\)-1/ *-1|\1$6/$6|" "$files/limit" ;;
  *) echo 'vc_set_rlimit(): Invalid argument' >&2 ;;
  esac
}

vkill() {
  [ "$1" = --xid ] && [ "$3 $4 $5 $6" = '-s KILL -- 0' ] || refuse "$@"
  of_context "$2"
  name=$(cat /etc/vservers/*/name | while read -r n; do [ "$(cat "/etc/vservers/$n/context")" != "$2" ] || echo "$n"; done)
  context=$2
  end_processes
}

case $release in
2.6.*) virtual=020 exec_stopped=011-exec-stopped status_stopped=010-status-stopped ;;
*) virtual=061 exec_stopped=014-exec-stopped status_stopped=012-status-stopped ;;
esac
case $tool in
vserver | vsched | vattribute | vlimit | vkill) "$tool" "$@" ;;
vserver-stat)
  [ -f /state/vprocunhide ] && exit 0
  sed '/^Vserver/d' "$seen4/017-status-after.stderr" >&2
  exit 1
  ;;
getconf) [ "$*" = PAGESIZE ] && echo 4096 || refuse "$@" ;;
*) refuse "$@" ;;
esac
