#!/bin/sh
# receive.sh IPERF ARG...: runs it, and fails where it ends with 0 though it transferred nothing: iperf 2 does so when
# its connection is refused or there is no route. Its report and its errors are passed on as they are.
set -u
"$@" >report.csv 2>errors.txt
status=$?
cat report.csv
cat errors.txt >&2
[ "$status" -eq 0 ] || exit "$status"
[ ! -s report.csv ] || exit 0
[ -s errors.txt ] || echo 'iperf ended without a report' >&2
exit 1
