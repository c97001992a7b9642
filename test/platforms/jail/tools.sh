#!/bin/sh
# Stands in for jail(8), jexec(8), jls(8), cpuset(1), rctl(8) and others of FreeBSD: takes their documented arguments, in
# the form that the driver uses, keeps jails as directories below /jails, and refuses everything else.
set -u
refuse() { echo "${0##*/} $*" >>/refused; echo "stand-in: refused: $*" >&2; exit 64; }
mkdir -p /jails
case ${0##*/} in
jail)
  case $1 in
  -c)
    [ "${2%%=*} ${3%%=*} ${4%%=*} $5 $6 $7 $#" = 'name path host.hostname mount.devfs ip4=inherit persist 7' ] || refuse "$@"
    [ ! -d "/jails/${2#*=}" ] || { echo "jail: jail \"${2#*=}\" already exists" >&2; exit 1; }
    mkdir "/jails/${2#*=}" && echo "${3#*=}" >"/jails/${2#*=}/path"
    ;;
  -r) [ $# = 2 ] && rm -r "/jails/$2" ;;
  *) refuse "$@" ;;
  esac
  ;;
jls) [ "$1 $3 $#" = '-j jid 3' ] || refuse "$@"; [ -d "/jails/$2" ] && echo 3 ;;
jexec)
  [ -d "/jails/$1" ] || { echo "jexec: jail \"$1\" not found" >&2; exit 1; }
  root=$(cat "/jails/$1/path")
  shift
  exec chroot "$root" "$@"
  ;;
cpuset)
  case "$1 $3 $#" in
  '-l -j 4') echo "$2" >"/jails/$4/cpus" ;;
  '-g '*' 3') echo "jail 3 mask: $(sed 's/,/, /g' "/jails/$3/cpus")" ;;
  *) refuse "$@" ;;
  esac
  ;;
sysctl) [ "$*" = '-n kern.racct.enable' ] || refuse "$@"; cat /racct ;;
rctl)
  case $1 in
  -a) case $2 in jail:bench-*:pcpu:deny=[1-9]* | jail:bench-*:memoryuse:deny=[1-9]*) echo "$2" >>/rules ;; *) refuse "$@" ;; esac ;;
  -r) grep -v "^$2:" /rules >/rules.new; mv /rules.new /rules ;;
  -u) [ -d "/jails/${2#jail:}" ] && cat /usage ;;
  jail:*) grep "^$1:" /rules; : ;;
  *) refuse "$@" ;;
  esac
  ;;
chflags) [ "$1 $2 $#" = '-R noschg 3' ] || refuse "$@" ;;
mount) [ "$*" = -p ] || refuse "$@" ;;
uname) [ "$*" = -s ] && echo FreeBSD || refuse "$@" ;;
rm) [ "$1 ${2-}" != '-rf -x' ] || { shift 2; set -- -rf "$@"; }; exec busybox rm "$@" ;;
esac
