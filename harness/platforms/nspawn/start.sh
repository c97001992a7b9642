# Starts systemd-nspawn in a control group of its own, and returns once the guest's payload runs. It follows
# guest/cgroups.sh.
#   start.sh GROUP NAME [FILE VALUE]... -- NSPAWN ARGUMENT...
# GROUP is the parent group below the root of each hierarchy; FILE a limit of the guest's group, in whichever has it.
set -eu
group=$1 name=$2
shift 2

make_groups "$group" "$name"
while [ "$1" != -- ]; do
  write_limit "$group" "$name" "$1" "$2"
  shift 2
done
shift

# Joins the groups, then becomes the given command. nspawn stays until the guest ends.
JOIN='group=$1
shift
while [ "$1" != -- ]; do echo $$ >"$1/$group/cgroup.procs" || exit 1; shift; done
shift
exec "$@"'
# shellcheck disable=SC2086
setsid sh -c "$JOIN" sh "$group/$name" $(hierarchies) -- "$@" &
nspawn=$!

payload() {
  for mount in $(hierarchies); do
    for pid in $(cat "$mount/$group/$name/cgroup.procs" "$mount/$group/$name"/*/cgroup.procs 2>/dev/null); do
      grep -qE '^NSpid:[[:space:]].*[[:space:]]2$' "/proc/$pid/status" 2>/dev/null || continue
      case $(cat "/proc/$pid/comm") in systemd-nspawn | '(sd-'* | '') ;; *) return 0 ;; esac
    done
  done
  return 1
}

# Until the first process's child is the payload, nspawn still moves both between groups.
tries=0
until payload; do
  tries=$((tries + 1))
  kill -0 "$nspawn" 2>/dev/null || exit 1
  [ "$tries" -lt 600 ] || exit 1
  sleep 0.05
done
