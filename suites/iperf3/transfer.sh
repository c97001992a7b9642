#!/bin/sh
# transfer.sh IPERF3 ARG...: runs it, and fails where it ends with 0 though its report (-J) holds an error, as releases up
# to 3.16 do. The report is passed on as it is; the error goes to standard error, too. A server that is still busy with
# the previous test, or does not listen again yet, is tried up to five times; no data have flowed then.
set -u
for try in 1 2 3 4 5; do
    "$@" >report.json
    status=$?
    error=$(sed -n 's/^[[:space:]]*"error":[[:space:]]*"\(.*\)",\{0,1\}[[:space:]]*$/\1/p' report.json | head -n 1)
    case $error in
    'the server is busy'* | 'error - the server is busy'* | *'Connection refused'*) sleep 0.3 ;;
    *) break ;;
    esac
done
cat report.json
if [ -n "$error" ]; then
    printf '%s\n' "$error" >&2
    exit 1
fi
[ "$status" -eq 0 ] || exit "$status"
[ -s report.json ] && exit 0
echo 'iperf3 ended without a report' >&2
exit 1
