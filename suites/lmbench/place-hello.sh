# lat_proc executes /tmp/hello and no other path; where that cannot run it times a fork and reports nothing.
#   sh place-hello.sh PROGRAM
set -eu
rm -f /tmp/hello
cp "$1" /tmp/hello
chmod 755 /tmp/hello
output=$(/tmp/hello)
[ -n "$output" ] || { echo '/tmp/hello prints nothing' >&2; exit 1; }
