#!/bin/sh
# Stands in for systemctl(1) and the manager behind it, as far as weights of groups go: `set-property --runtime` writes a
# drop-in below /run/systemd/system.control and applies it, `daemon-reload` writes the value of every unit again (its
# drop-in's, else the default), and `stop` removes a unit's group. UNITS lists the roots of the trees with the units.
set -eu
control=/run/systemd/system.control

apply() { # UNIT DIRECTORY
  shares=1024 weight=100
  for file in "$control/$1.d"/*.conf; do
    [ -f "$file" ] || continue
    shares=$(sed -n 's/^CPUShares=//p' "$file" | grep . || echo "$shares")
    weight=$(sed -n 's/^CPUWeight=//p' "$file" | grep . || echo "$weight")
  done
  [ ! -f "$2/cpu.shares" ] || echo "$shares" >"$2/cpu.shares"
  [ ! -f "$2/cpu.weight" ] || echo "$weight" >"$2/cpu.weight"
}

directories() { find $UNITS -type d -name "$1"; }

verb=$1
shift
case $verb in
set-property)
  [ "$1" = --runtime ] && [ $# -eq 3 ] || exit 2
  case $3 in
  CPUShares=[0-9]* | CPUWeight=[0-9]*) ;;
  *) echo "Unknown assignment: $3" >&2 && exit 1 ;;
  esac
  mkdir -p "$control/$2.d"
  printf '[Slice]\n%s\n' "$3" >"$control/$2.d/50-${3%%=*}.conf"
  for directory in $(directories "$2"); do apply "$2" "$directory"; done
  ;;
daemon-reload)
  for directory in $(directories '*.slice') $(directories '*.scope'); do apply "${directory##*/}" "$directory"; done
  ;;
stop)
  for directory in $(directories "$1"); do find "$directory" -depth -type d -exec rmdir {} \; ; done
  ;;
*) exit 2 ;;
esac
