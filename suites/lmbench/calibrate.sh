# The three constants that every lmbench tool computes by itself, for a minute each time, unless they are in its
# environment: computed once a guest, in the order that each needs the ones before, and kept in DIRECTORY.
#   sh calibrate.sh DIRECTORY TOOLS
# Prints ENOUGH, TIMING_O and LOOP_O, one a line.
set -eu
directory=$1
tools=$2
kept=$directory/calibration-$(cat "$tools/enough" "$tools/timing_o" "$tools/loop_o" | cksum | tr ' ' -)

number() {
  case $2 in
    '' | *[!0-9.]* | *.*.* | .)
      echo "$1 printed \"$2\" where a number was expected" >&2
      exit 1
      ;;
  esac
}

if [ ! -s "$kept" ]; then
  unset ENOUGH TIMING_O LOOP_O
  ENOUGH=$("$tools/enough")
  number enough "$ENOUGH"
  export ENOUGH
  TIMING_O=$("$tools/timing_o")
  number timing_o "$TIMING_O"
  export TIMING_O
  LOOP_O=$("$tools/loop_o")
  number loop_o "$LOOP_O"
  printf '%s\n%s\n%s\n' "$ENOUGH" "$TIMING_O" "$LOOP_O" >"$kept.$$"
  mv "$kept.$$" "$kept"
fi
cat "$kept"
