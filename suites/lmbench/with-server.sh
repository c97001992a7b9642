# Runs a network tool of lmbench against its own server on this machine, and ends the server afterwards.
#   sh with-server.sh TOOL [ARGUMENT...]
# The exit code is the tool's.
set -u
tool=$1
"$tool" -s || { echo "the server of $tool did not start" >&2; exit 1; }
sleep 1
"$@" &
client=$!
trap 'kill -9 "$client" 2>/dev/null' TERM INT
wait "$client"
code=$?
"$tool" -S localhost >/dev/null 2>&1
exit "$code"
