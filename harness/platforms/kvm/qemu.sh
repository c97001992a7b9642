# Machines of QEMU on their host. It follows guest/cgroups.sh.
#   qemu.sh start DIR GROUP NAME TAP BRIDGE [FILE VALUE]... -- QEMU ARGUMENT...
#     starts QEMU in a control group NAME below GROUP with these limits (FILE in whichever hierarchy has it). TAP is made on
#     BRIDGE; both are empty where there is none.
#   qemu.sh pin DIR UUID CPU...     pins the i-th virtual CPU to the i-th of these
#   qemu.sh look DIR UUID           prints the process id, then `VIRTUAL-CPU ALLOWED-CPUS` a line
#   qemu.sh end DIR UUID GROUP NAME TAP    kills it and removes what it holds on the host but for its files
#   qemu.sh sweep GROUP             removes the parent group when it is empty
set -u

process() { # DIR UUID: the id of the machine's process; an id that another process has by now does not count
  pid=$(cat "$1/pid" 2>/dev/null) && [ -n "$pid" ] && grep -qaF "$2" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

virtual_cpus() { # PID: `NUMBER THREAD` a line; QEMU names its threads so with debug-threads=on
  for task in "/proc/$1/task/"*; do
    number=$(sed -n 's,^CPU \([0-9]*\)/.*,\1,p' "$task/comm" 2>/dev/null)
    [ -z "$number" ] || echo "$number ${task##*/}"
  done | sort -n
}

empty_group() { # DIRECTORY: kills what is in it, then removes it; a group stays busy for a moment after its last process
  tries=0
  while [ -d "$1" ]; do
    pids=$(processes_in "$1")
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill -KILL $pids 2>/dev/null
    find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
    tries=$((tries + 1))
    [ ! -d "$1" ] || [ "$tries" -lt 200 ] || return 1
    [ ! -d "$1" ] || sleep 0.05
  done
}

action=$1
shift
case $action in
start)
  dir=$1 group=$2 name=$3 tap=$4 bridge=$5
  shift 5
  make_groups "$group" "$name" || exit
  while [ "$1" != -- ]; do
    write_limit "$group" "$name" "$1" "$2" || exit
    shift 2
  done
  shift
  if [ -n "$tap" ]; then
    ip link show dev "$tap" >/dev/null 2>&1 || ip tuntap add dev "$tap" mode tap || exit
    ip link set dev "$tap" master "$bridge" up || exit
  fi
  rm -f "$dir/pid"
  : >"$dir/console.log"
  for mount in $(hierarchies); do
    echo $$ >"$mount/$group/$name/cgroup.procs" || exit
  done
  exec "$@"
  ;;
pin)
  pid=$(process "$1" "$2") || exit 1
  shift 2
  virtual_cpus "$pid" | while read -r number thread; do
    [ $# -gt 0 ] || break
    taskset -pc "$1" "$thread" >/dev/null || exit 1
    shift
  done
  ;;
look)
  pid=$(process "$1" "$2") || exit 1
  echo "$pid"
  virtual_cpus "$pid" | while read -r number thread; do
    echo "$number $(sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' "/proc/$pid/task/$thread/status")"
  done
  ;;
end)
  dir=$1 group=$3 name=$4 tap=$5
  ! pid=$(process "$dir" "$2") || kill -KILL "$pid"
  tries=0
  while process "$dir" "$2" >/dev/null && [ "$tries" -lt 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  failed=0
  for mount in $(hierarchies); do
    empty_group "$mount/$group/$name" || failed=1
  done
  [ $failed = 0 ] || {
    echo "processes of $name remain" >&2
    exit 1
  }
  [ -z "$tap" ] || ! ip link show dev "$tap" >/dev/null 2>&1 || ip link delete dev "$tap" || exit
  rm -f "$dir/pid"
  ;;
sweep)
  for mount in $(hierarchies); do
    rmdir "$mount/$1" 2>/dev/null
  done
  :
  ;;
*) exit 2 ;;
esac
