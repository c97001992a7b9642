#!/bin/sh
# inspect.sh PROGRAM DIR...: finds a program in one of these directories, or by PATH, and prints what it is and what the
# network of this machine or guest is set to: lines of `key value`. What cannot be read is left out.
set -u
program=$1
shift
found=
for directory in "$@"; do
    if [ -f "$directory/$program" ] && [ -x "$directory/$program" ]; then found=$directory/$program && break; fi
done
[ -n "$found" ] || found=$(command -v "$program")
case $found in
/*)
    echo "path $found"
    # iperf 2 prints it on standard error, and some releases end with 1 after it.
    echo "version $("$found" -v 2>&1 | head -n 1)"
    if "$found" --help 2>&1 | grep -q -e --reverse; then echo 'has reverse'; fi
    if command -v ldd >/dev/null; then echo "libraries $(ldd "$found" 2>/dev/null | grep -c '=>')"; fi
    ;;
esac
echo "congestion $(cat /proc/sys/net/ipv4/tcp_congestion_control 2>/dev/null)"
for interface in /sys/class/net/*; do
    name=${interface##*/}
    [ -r "$interface/mtu" ] || continue
    echo "mtu $name $(cat "$interface/mtu" 2>/dev/null)"
    # Fails with EINVAL where the link has no speed.
    speed=$(cat "$interface/speed" 2>/dev/null) && echo "speed $name $speed"
    if command -v ethtool >/dev/null; then
        ethtool -k "$name" 2>/dev/null | sed -n "s/^\([a-z-]*\): \(on\|off\).*/offload $name \1 \2/p" |
            grep -E ' (rx-checksumming|tx-checksumming|scatter-gather|(tcp|generic)-segmentation-offload|(generic|large)-receive-offload) '
    fi
done
exit 0
