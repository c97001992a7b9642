#!/bin/sh
# cut-load.sh LOAD OPERATIONS CUT: makes a load of the first operations of another, and of what puts things back: it
# closes what these leave open, and removes what they made, as the last line of the whole load does. Without that the
# repetitions would meet what the cut left behind, and reads would fail that do not fail in the whole load.
set -eu
last=$(tail -n 1 "$1")
case $last in 'Deltree "'*) ;; *) echo "$1: its last line does not remove what it made: $last" >&2; exit 1 ;; esac
head -n "$2" "$1" >"$3"
lines=$(wc -l <"$3")
if [ "$lines" -ne "$2" ]; then echo "$1: has $lines operations, not $2" >&2; exit 1; fi
awk '
    { sub(/\r$/, "") }
    $1 == "NTCreateX" && $NF == "NT_STATUS_OK" { open[$(NF - 1)] += 1 }
    $1 == "Close" && $NF == "NT_STATUS_OK" && open[$2] > 0 { open[$2] -= 1 }
    END { for (handle in open) while (open[handle]-- > 0) print "Close " handle " NT_STATUS_OK" }
' "$3" >"$3.closing"
cat "$3.closing" >>"$3"
printf '%s\n' "$last" >>"$3"
echo "operations $lines, and $(($(wc -l <"$3.closing") + 1)) that put things back"
rm "$3.closing"
