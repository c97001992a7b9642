#!/bin/sh
# Stands in for vzctl(8) and vzlist(8): takes the arguments that their manual pages document, in the form that the driver
# uses, keeps containers as directories below /vz, and refuses everything else with vzctl's code for a bad parameter.
set -u
STANDIN=/vz
refuse() { echo "$0 $*" >>/refused; echo "stand-in: refused: $*" >&2; exit 20; }
case ${0##*/} in
vzlist)
  case "$*" in
  '-a -H -o ctid') ls "$STANDIN/ct" 2>/dev/null; exit 0 ;;
  '-H -t -o cpuunits,cpulimit,physpages.l,diskspace.h '*) tr '\n' ' ' <"$STANDIN/ct/$5/parameters"; exit ;;
  *) refuse "$@" ;;
  esac
  ;;
esac
verb=$1 ct=$2
shift 2
[ "$ct" -gt 100 ] || refuse "$verb $ct"
dir=$STANDIN/ct/$ct
[ "$verb" = create ] || [ "$verb" = status ] || [ -d "$dir" ] || { echo 'Container config file does not exist' >&2; exit 14; }
case $verb in
create)
  [ "$1" = --ostemplate ] && [ "$3 $4 $5" = '--layout simfs --hostname' ] || refuse "create $*"
  [ "$2" = debian-7.0-x86_64 ] || { echo "Cached OS template $2 not found" >&2; exit 49; }
  mkdir -p "$dir/private" && cp -a /srv/root/. "$dir/private/" && printf '1000\n0\n-\n-\n' >"$dir/parameters"
  echo "$6" >"$dir/hostname"
  [ $# = 6 ] || { [ "$7 $#" = '--ipadd 8' ] && echo "$8" >"$dir/ip"; } || refuse "create $*"
  ;;
set)
  [ "$1 $3 $5 $7 $9 ${11} $#" = '--cpumask --cpuunits --cpulimit --physpages --diskspace --save 11' ] || refuse "set $*"
  echo "$2" >"$dir/cpumask"
  printf '%s\n' "$4" "$6" "${8#0:}" "${10#*:}" >"$dir/parameters"
  ;;
start)
  [ "$*" = --wait ] || refuse "start $*"
  [ ! -f "$dir/running" ] || exit 32
  : >"$dir/running"
  ;;
stop)
  case "$*" in '' | --fast) ;; *) refuse "stop $*" ;; esac
  rm -f "$dir/running"
  ;;
status)
  if [ ! -d "$dir" ]; then echo "CTID $ct deleted unmounted down"
  elif [ -f "$dir/running" ]; then echo "CTID $ct exist mounted running"
  else echo "CTID $ct exist unmounted down"; fi
  ;;
destroy) [ ! -f "$dir/running" ] && [ $# = 0 ] || refuse "destroy $*"; rm -rf "$dir" ;;
exec2)
  [ -f "$dir/running" ] || { echo 'Container is not running' >&2; exit 31; }
  # As vzctl does: the words joined by blanks, for a shell in an environment of its own.
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/ TERM=linux chroot "$dir/private" /bin/sh -c "$*"
  rc=$?
  exit $rc
  ;;
*) refuse "$verb $*" ;;
esac
