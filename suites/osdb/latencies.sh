#!/bin/sh
# latencies.sh PREFIX: sums up the transaction logs of pgbench, PREFIX.PID and PREFIX.PID.THREAD, whose lines are
#   client transaction latency_us script second microsecond ...      the last two: when it ended
# into how many there are, how many lines are something else (a failed transaction has a word for its latency), when the
# first began and the last ended, and how often each latency occurred.
set -eu
set -- "$1".*
[ -f "$1" ] || { echo "pgbench left no log $1" >&2; exit 1; }
awk '
$3 !~ /^[0-9]+$/ || $5 !~ /^[0-9]+$/ || $6 !~ /^[0-9]+$/ { odd++; next }
{
    end = $5 * 1000000 + $6
    begin = end - $3
    if (!transactions || begin < first) first = begin
    if (end > last) last = end
    transactions++
    count[$3]++
}
END {
    printf "transactions %.0f\nodd-lines %.0f\nfirst-began-us %.0f\nlast-ended-us %.0f\n", transactions, odd, first, last
    for (latency in count) printf "latency-us %s %.0f\n", latency, count[latency]
}' "$@" >latencies.txt
sed '/^latency-us /d' latencies.txt
sed -n '/^latency-us /p' latencies.txt | sort -k 2,2n
